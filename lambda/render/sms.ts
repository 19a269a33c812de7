import type { Diagnosis } from '../incident/diagnosis.ts';
import { formatNumber } from '../incident/text.ts';
import { ascii, cut } from './ascii.ts';
import { printable } from './printable.ts';
import { total } from './story/extent.ts';
import { stillFail } from './story/phrases.ts';
import { placeOf, verdictLine } from './verdict-line.ts';

const CHARACTERS_AT_MOST = 140;

/**
 * One text message: which load balancer, how bad, the cause, what it is about and where as far as there is room, since when;
 * what comes last is cut first.
 */
export function renderSms(diagnosis: Diagnosis): string {
  const names = namedIn(diagnosis);
  const place = placeOf(diagnosis);
  const wordings = [
    ...names.map((_, left) => worded(diagnosis, names.slice(0, names.length - left), place)),
    worded(diagnosis, [], place),
    ...names.map((_, left) => worded(diagnosis, names.slice(0, names.length - left), '')),
  ];
  const fits = wordings.find((one) => one.length <= CHARACTERS_AT_MOST);
  return cut(fits ?? worded(diagnosis, [], ''), CHARACTERS_AT_MOST);
}

function worded(diagnosis: Diagnosis, names: readonly string[], place: string): string {
  const about = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const says = [`${verdictLine(diagnosis).replace(/\.$/, '')}${about}`, ...extent(diagnosis)].join('. ');
  return gsm(ascii(printable(place === '' ? says : `${says} - ${place}`)).trim());
}

/** The resources that the verdict's sentence names; by an id only what has no name. */
function namedIn({ kind, verdict, loadBalancer, names: called = {} }: Diagnosis): readonly string[] {
  if (kind === 'failed' || verdict.cause === null) return [];
  const names = verdict.headline.flatMap((part) => (part.kind === 'resource' ? [part.text] : []));
  return [...new Set(names)].filter((name) => name !== loadBalancer.name && !Object.hasOwn(called, name));
}

function extent(diagnosis: Diagnosis): readonly string[] {
  const { kind, episode, error, verdict } = diagnosis;
  if (kind === 'failed') return error === undefined ? [] : [error];
  if (kind === 'recovered') return [];
  // A single bad request has neither beginning nor course.
  const single = verdict.status === 'quiet' && episode?.of === 'errors';
  const said = [howBad(diagnosis), episode === null || single ? null : when(episode)].filter((one) => one !== null);
  return said.length === 0 ? [] : [capitalised(said.join(', '))];
}

/** What the verdict's line does not say. */
function howBad(diagnosis: Diagnosis): string | null {
  const { episode, symptoms, verdict } = diagnosis;
  if (verdict.status !== 'quiet') return null;
  const errors = total(symptoms);
  if (episode?.of === 'failing-targets' && errors === 0) {
    return stillFail(diagnosis) ? null : `Targets ${episode.end === null ? 'fail' : 'failed'} their checks`;
  }
  if (errors === null || errors === 0 || symptoms.requests === null) return null;
  return `${errors} of ${formatNumber(symptoms.requests)} requests failed`;
}

function when({ onset, end, trend, older, unasked, unmended }: NonNullable<Diagnosis['episode']>): string {
  const from = `${older ? 'before ' : ''}${clockTime(onset)}`;
  if (unasked !== undefined) return `since ${from}, no request since ${clockTime(unasked.since)}`;
  if (unmended !== undefined) return `from ${from}, none since ${clockTime(unmended.since)}, but checks fail`;
  return end === null ? `${trend} since ${from}` : `from ${from} to ${clockTime(end)}`;
}

function capitalised(says: string): string {
  return `${says.charAt(0).toUpperCase()}${says.slice(1)}`;
}

function clockTime(at: string): string {
  return /T(\d\d:\d\d)/.test(at) ? `${at.slice(11, 16)} UTC` : at;
}

/** ASCII characters that would cost two places of a text message, or that its alphabet lacks. */
function gsm(text: string): string {
  return text
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')')
    .replace(/[\\|]/g, '/')
    .replace(/[~^]/g, '-')
    .replaceAll('`', "'");
}
