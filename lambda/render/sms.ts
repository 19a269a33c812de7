import type { Diagnosis } from '../incident/diagnosis.ts';
import { formatNumber, percent } from '../incident/text.ts';
import { ascii, cut } from './ascii.ts';
import { printable } from './printable.ts';
import { total } from './story/opening.ts';
import { stillFail } from './story/phrases.ts';
import { verdictLine } from './verdict-line.ts';

const CHARACTERS_AT_MOST = 140;

/**
 * One text message: which load balancer, the verdict, what it is about where there is room for it, how bad, since when;
 * what comes last is cut first.
 */
export function renderSms(diagnosis: Diagnosis): string {
  const names = namedIn(diagnosis);
  const wordings = names.map((_, left) => worded(diagnosis, names.slice(0, names.length - left)));
  const fits = wordings.find((one) => one.length <= CHARACTERS_AT_MOST);
  return cut(fits ?? worded(diagnosis, []), CHARACTERS_AT_MOST);
}

function worded(diagnosis: Diagnosis, names: readonly string[]): string {
  const about = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const says = [`${verdictLine(diagnosis).replace(/\.$/, '')}${about}`, ...extent(diagnosis)].join('. ');
  return gsm(ascii(printable(says)).trim());
}

/** The resources that the verdict's sentence names. */
function namedIn({ kind, verdict, loadBalancer }: Diagnosis): readonly string[] {
  if (kind === 'failed' || verdict.cause === null) return [];
  const names = verdict.headline.flatMap((part) => (part.kind === 'resource' ? [part.text] : []));
  return [...new Set(names)].filter((name) => name !== loadBalancer.name);
}

function extent(diagnosis: Diagnosis): readonly string[] {
  const { kind, episode, error, verdict } = diagnosis;
  if (kind === 'failed') return error === undefined ? [] : [error];
  if (kind === 'recovered') return [];
  // A single bad request has neither beginning nor course.
  const single = verdict.status === 'quiet' && episode?.of === 'errors';
  const said = [howBad(diagnosis), episode === null || single ? null : when(episode)].filter((one) => one !== null);
  return said.length === 0 ? [] : [said.join(', ')];
}

function howBad(diagnosis: Diagnosis): string | null {
  const { episode, symptoms, verdict } = diagnosis;
  const errors = total(symptoms);
  if (errors === null) return 'Errors not seen';
  if (episode?.of === 'failing-targets' && errors === 0)
    return episode.end === null ? 'Targets fail their checks' : 'Targets failed their checks';
  if (verdict.status === 'quiet') {
    return errors === 0 || symptoms.requests === null
      ? null
      : `${errors} of ${formatNumber(symptoms.requests)} requests failed`;
  }
  const share = episode?.errorShare ?? symptoms.errorShare;
  if (share === null || share === 0) return null;
  return `${percent(share).replace(' %', '%')} of requests${stillFail(diagnosis) ? ' fail' : ' failed'}`;
}

function when({ onset, end, trend, older, unasked, unmended }: NonNullable<Diagnosis['episode']>): string {
  const from = `${older ? 'before ' : ''}${clockTime(onset)}`;
  if (unasked !== undefined) return `since ${from}, no request since ${clockTime(unasked.since)}`;
  if (unmended !== undefined) return `from ${from}, none since ${clockTime(unmended.since)}, but checks fail`;
  return end === null ? `${trend} since ${from}` : `from ${from} to ${clockTime(end)}`;
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
