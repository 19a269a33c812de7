import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import { CAUSE_WORDS } from '../incident/cause-words.ts';
import { type Diagnosis, UNKNOWN } from '../incident/diagnosis.ts';
import { duration, formatNumber, percent } from '../incident/text.ts';
import { symptomCount } from '../semantics/errors/symptoms.ts';
import { secondsBetween, sumOf } from '../semantics/time/minutes.ts';
import { total } from './story/extent.ts';
import { includes, stillFail } from './story/phrases.ts';
import { isShut } from './story/sureness.ts';

/** The answer in one line, without internal ids: `web: 100% 504, security group closed`. */
export function verdictLine(diagnosis: Diagnosis): string {
  return `${nameOf(diagnosis)}: ${answerOf(diagnosis)}`;
}

/** `prod/us-east-1` */
export function placeOf(diagnosis: Diagnosis): string {
  return [accountOf(diagnosis), diagnosis.loadBalancer.region].filter((one) => one !== null && one !== '').join('/');
}

/** The account by its name, where that is known. */
export function accountOf({ loadBalancer: { accountId, accountName } }: Diagnosis): string {
  return accountName ?? accountId ?? '';
}

/** A failure may know the alarm and no load balancer. */
export function nameOf({ loadBalancer, trigger }: Diagnosis): string {
  return loadBalancer.name === UNKNOWN && trigger.alarmName !== undefined
    ? `alarm ${trigger.alarmName}`
    : loadBalancer.name;
}

/** From all of the answer to what has room in any subject: `some` names one kind of error at most, `least` none where there are several, nor how long it took. */
type Wording = 'all' | 'some' | 'least';

export function answerOf(diagnosis: Diagnosis, wording: Wording = 'all'): string {
  const { kind, trigger, verdict } = diagnosis;
  if (kind === 'failed') return 'could not be triaged';
  const found = [howBad(diagnosis, wording === 'all' ? 2 : wording === 'some' ? 1 : 0), whatFor(diagnosis)];
  if (kind === 'recovered') {
    const cause = verdict.cause === null ? [] : [whatFor(diagnosis)];
    return [`recovered${wording === 'least' ? '' : lasted(diagnosis)}`, ...cause].join(', ');
  }
  const before = trigger.state === 'OK' ? 'not over: ' : kind === 'update' ? 'update, ' : '';
  return `${before}${found.filter((one) => one !== null).join(', ')}`;
}

/** How long requests failed; where that is not known, how long the alarm stood, which is not the same. */
function lasted({ episode, durationSeconds }: Diagnosis): string {
  if (episode?.of === 'errors' && episode.end !== null && !episode.older) {
    return ` after ${duration(secondsBetween(episode.onset, episode.end))}`;
  }
  return durationSeconds === undefined ? '' : ` after ${duration(durationSeconds)} in alarm`;
}

/** `100% 504`; `186x 504` where the share is not known; `100% 504 now` where it rises; nothing where no error was seen. */
function howBad(diagnosis: Diagnosis, kinds: number): string | null {
  const { episode, symptoms, verdict } = diagnosis;
  const errors = total(symptoms);
  if (verdict.status === 'quiet') return null;
  if (errors === null) return 'errors not seen';
  if (errors === 0) return episode?.of === 'failing-targets' ? 'targets failing' : 'no 5xx';
  const lately = risenTo(diagnosis);
  if (lately !== null) return `${short(lately)} ${kindsOf(lastErrors(diagnosis), lately, Math.min(kinds, 1))} now`;
  const share = episode?.errorShare ?? symptoms.errorShare;
  const errorsOf = (kind: ErrorKind): number => symptomCount(symptoms, kind) ?? 0;
  return `${share === null ? `${formatNumber(errors)}x` : short(share)} ${kindsOf(errorsOf, share ?? 1, kinds)}`;
}

const short = (share: number): string => percent(share).replace('under ', '<').replace(' %', '%');

/** What the newest minutes have come to: the share of the whole time says less than what goes on. */
function risenTo(diagnosis: Diagnosis): number | null {
  const { trend, shareLately } = diagnosis.episode ?? {};
  return trend === 'rising' && shareLately !== undefined && stillFail(diagnosis) ? shareLately : null;
}

/** Of each kind in the newest minutes: what it was of before may be another. */
function lastErrors({ curve }: Diagnosis): (kind: ErrorKind) => number {
  const sums = new Map(curve?.errors.map(({ kind, counts }) => [kind, sumOf(counts.slice(-NEWEST)) ?? 0]));
  return (kind) => sums.get(kind) ?? 0;
}

/** In minutes: the last may not be counted to its end. */
const NEWEST = 4;

/** The code that all are of, as far as the amount as it is printed tells; else what most are of, or the few that many are of. */
function kindsOf(errorsOf: (kind: ErrorKind) => number, share: number, atMost: number): string {
  const all = ERROR_KINDS.reduce((sum, kind) => sum + errorsOf(kind), 0);
  const [first, ...others] = ERROR_KINDS.filter((kind) => errorsOf(kind) > 0).sort((a, b) => errorsOf(b) - errorsOf(a));
  if (first === undefined) return '5xx';
  const ofFirst = errorsOf(first) / all;
  if (short(ofFirst * share) === short(share)) return isCode(first) ? first : '5xx';
  const isMost = ofFirst > MOST;
  const many = isMost ? [first] : [first, ...others].filter((kind) => errorsOf(kind) >= all / 4);
  if (many.length === 0 || many.length > atMost) return '5xx';
  return `5xx (${isMost ? 'mostly ' : ''}${many.map(kindInShort).join(' and ')})`;
}

/** Of so many, the others are hardly worth a word. */
const MOST = 0.6;

const isCode = (kind: ErrorKind): boolean => kind !== 'target5xx' && kind !== 'other5xx';

const kindInShort = (kind: ErrorKind): string =>
  isCode(kind) ? kind : kind === 'target5xx' ? "targets' own" : 'others';

function whatFor(diagnosis: Diagnosis): string {
  const { verdict, findings, episode, symptoms } = diagnosis;
  if (verdict.status === 'quiet') {
    const none = total(symptoms) === 0 ? 'no 5xx' : 'no 5xx outage';
    // Whom it keeps out makes no error.
    const shut = findings.find((one) => isShut(one) && includes(verdict.headline, one.headline));
    if (shut !== undefined) return `no 5xx, ${CAUSE_WORDS[shut.cause].words}`;
    const fails = episode?.of === 'failing-targets' && stillFail(diagnosis);
    return fails ? `${none}, health checks failing` : 'no 5xx outage';
  }
  if (verdict.cause === null) return 'no cause found';
  const { words } = CAUSE_WORDS[verdict.cause];
  return verdict.status === 'identified' ? words : `${words}?`;
}
