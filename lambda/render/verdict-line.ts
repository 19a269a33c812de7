import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import { CAUSE_WORDS } from '../incident/cause-words.ts';
import { type Diagnosis, UNKNOWN } from '../incident/diagnosis.ts';
import { duration, formatNumber, percent } from '../incident/text.ts';
import { symptomCount } from '../semantics/errors/symptoms.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import { total } from './story/extent.ts';
import { includes } from './story/phrases.ts';
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

/** From all of the answer to what has room in any subject: `some` names one kind of error, `least` leaves out how long it took. */
type Wording = 'all' | 'some' | 'least';

export function answerOf(diagnosis: Diagnosis, wording: Wording = 'all'): string {
  const { kind, trigger, verdict } = diagnosis;
  if (kind === 'failed') return 'could not be triaged';
  const found = [howBad(diagnosis, wording === 'all' ? 2 : 1), whatFor(diagnosis)];
  if (kind === 'recovered') {
    const cause = verdict.cause === null ? [] : [whatFor(diagnosis)];
    return [`recovered${wording === 'least' ? '' : lasted(diagnosis)}`, ...cause].join(', ');
  }
  const before = kind === 'update' ? 'update, ' : trigger.state === 'OK' ? 'not over: ' : '';
  return `${before}${found.filter((one) => one !== null).join(', ')}`;
}

/** How long requests failed; where that is not known, how long the alarm stood, which is not the same. */
function lasted({ episode, durationSeconds }: Diagnosis): string {
  if (episode?.of === 'errors' && episode.end !== null && !episode.older) {
    return ` after ${duration(secondsBetween(episode.onset, episode.end))}`;
  }
  return durationSeconds === undefined ? '' : ` after ${duration(durationSeconds)} in alarm`;
}

/** `100% 504`; `186x 504` where the share is not known; nothing where no error was seen. */
function howBad(diagnosis: Diagnosis, kinds: number): string | null {
  const { episode, symptoms, verdict } = diagnosis;
  const errors = total(symptoms);
  if (verdict.status === 'quiet') return null;
  if (errors === null) return 'errors not seen';
  if (errors === 0) return episode?.of === 'failing-targets' ? 'targets failing' : 'no 5xx';
  const share = episode?.errorShare ?? symptoms.errorShare;
  const amount = share === null ? `${formatNumber(errors)}x` : percent(share).replace('under ', '<').replace(' %', '%');
  return `${amount} ${kindsOf(diagnosis, kinds)}`;
}

/** The kinds that make up most of it. */
function kindsOf({ symptoms }: Diagnosis, atMost: number): string {
  const errorsOf = (kind: ErrorKind): number => symptomCount(symptoms, kind) ?? 0;
  const all = total(symptoms) ?? 0;
  const many = ERROR_KINDS.filter((kind) => errorsOf(kind) >= all / 4).sort((a, b) => errorsOf(b) - errorsOf(a));
  const names = many.map((kind) => (kind === 'target5xx' || kind === 'other5xx' ? '5xx' : kind));
  return [...new Set(names)].slice(0, atMost).join('/');
}

function whatFor({ verdict, findings }: Diagnosis): string {
  if (verdict.status === 'quiet') {
    // Whom it keeps out makes no error.
    const shut = findings.find((one) => isShut(one) && includes(verdict.headline, one.headline));
    return shut === undefined ? 'no 5xx outage' : `no 5xx, ${CAUSE_WORDS[shut.cause].words}`;
  }
  if (verdict.cause === null) return 'no cause found';
  const { words } = CAUSE_WORDS[verdict.cause];
  return verdict.status === 'identified' ? words : `${words}?`;
}
