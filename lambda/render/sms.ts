import type { Diagnosis } from '../incident/diagnosis.ts';
import { percent } from '../incident/text.ts';
import { ascii, cut } from './ascii.ts';
import { printable } from './printable.ts';
import { total } from './story/opening.ts';
import { verdictLine } from './verdict-line.ts';

const CHARACTERS_AT_MOST = 140;

/** One text message: which load balancer, the verdict, how bad, since when; what comes last is cut first. */
export function renderSms(diagnosis: Diagnosis): string {
  const says = [verdictLine(diagnosis).replace(/\.$/, ''), ...extent(diagnosis)].join('. ');
  return cut(gsm(ascii(printable(says)).trim()), CHARACTERS_AT_MOST);
}

function extent({ kind, episode, symptoms, error }: Diagnosis): readonly string[] {
  if (kind === 'failed') return error === undefined ? [] : [error];
  if (kind === 'recovered') return [];
  const share = episode?.errorShare ?? symptoms.errorShare;
  const errors = total(symptoms);
  const bad =
    share !== null && share > 0
      ? `${percent(share).replace(' %', '%')} of requests${episode?.end === null ? ' fail' : ' failed'}`
      : errors === null
        ? 'Errors not seen'
        : null;
  const span =
    episode === null ? null : `${episode.trend} since ${episode.older ? 'before ' : ''}${clockTime(episode.onset)}`;
  const said = [bad, span].filter((one) => one !== null);
  return said.length === 0 ? [] : [said.join(', ')];
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
