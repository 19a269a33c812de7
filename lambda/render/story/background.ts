import type { Diagnosis, Symptoms } from '../../incident/diagnosis.ts';
import { count, grouped, percent, type Text, text, time, words } from '../../incident/text.ts';
import { clipped } from '../printable.ts';
import { type Clock, spokenInFull, spokenRange } from '../times.ts';
import { type Block, item, paragraph } from './block.ts';
import { sentence } from './phrases.ts';

/** The window in numbers. A number that was not seen says so: it is not zero. */
export function symptoms({ symptoms, window }: Diagnosis, clock: Clock): readonly Block[] {
  const { requests, errorShare } = symptoms;
  const share = errorShare === null ? [] : text`, ${percent(errorShare)} of requests`;
  return [
    item(text`${spokenRange(window.from, window.to, clock)}: ${numberOr(requests)} requests`),
    item(text`By the load balancer: ${byLoadBalancer(symptoms)}`),
    item(text`By the targets: 5xx ${numberOr(symptoms.target5xx)}`),
    ...(errorShare === null ? [] : [item(text`Errors${share}`)]),
  ];
}

function byLoadBalancer({ elb }: Symptoms): string {
  return (['500', '502', '503', '504'] as const)
    .map((kind) => `${kind} ${numberOr(elb[kind])}`)
    .concat(`other 5xx ${numberOr(elb.other5xx)}`)
    .join(', ');
}

function numberOr(seen: number | null): string {
  return seen === null ? 'not seen' : grouped(seen);
}

const PARAGRAPHS_AT_MOST = 6;
const CHARACTERS_AT_MOST = 600;

/** The alarm, its reason in CloudWatch's words, and what its owners wrote for this night. */
export function alarm({ trigger }: Diagnosis): readonly Block[] {
  const { alarmName, state, at, reason, alarmDescription } = trigger;
  if (alarmName === undefined) return [];
  const since = at === null ? [] : text` since ${time(at)}`;
  return [
    paragraph(sentence(state === undefined ? text`${alarmName}` : text`${alarmName} is ${state}${since}`)),
    ...(reason === undefined ? [] : [paragraph(sentence(words(clipped(reason, CHARACTERS_AT_MOST))))]),
    ...paragraphsOf(alarmDescription ?? '').map((one) => paragraph(words(one))),
  ];
}

function paragraphsOf(description: string): readonly string[] {
  const paragraphs = description
    .split(/[\r\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const shown = paragraphs.length > PARAGRAPHS_AT_MOST ? paragraphs.slice(0, PARAGRAPHS_AT_MOST - 1) : paragraphs;
  return [...shown.map((one) => clipped(one, CHARACTERS_AT_MOST)), ...(shown.length < paragraphs.length ? ['…'] : [])];
}

/** Whom to call, by the tags. */
export function owner({ loadBalancer }: Diagnosis): readonly Block[] {
  return loadBalancer.tags.map(({ key, value }) => item(text`${key}: ${value}`));
}

const MOMENTS_AT_MOST = 30;

/** Oldest first. Changes stand in it; where there is no timeline, they stand alone. */
export function timeline({ timeline, changes }: Diagnosis): readonly Block[] {
  const moments: readonly Text[] =
    timeline.length > 0
      ? timeline.map(({ at, what }) => text`${time(at)}: ${what}`)
      : changes.map(({ at, who, what, resource }) => text`${time(at)}: ${who}: ${what} (${resource})`);
  const omitted = moments.length - MOMENTS_AT_MOST;
  if (omitted <= 0) return moments.map(item);
  return [paragraph(text`${count(omitted, 'earlier moment')} left out.`), ...moments.slice(omitted).map(item)];
}

/** The small print: what was read, when, and by which names to find this incident again. */
export function about(diagnosis: Diagnosis, clock: Clock): readonly Block[] {
  const { loadBalancer, tool, cost, supersedes, truncated } = diagnosis;
  const place = loadBalancer.region === null ? '' : ` in ${loadBalancer.region}`;
  const account = loadBalancer.accountId === null ? '' : `, account ${loadBalancer.accountId}`;
  const seconds = Math.round(cost.durationMs / 100) / 10;
  return [
    item(text`Load balancer ${loadBalancer.name}${place}${account}`),
    ...(loadBalancer.arn === null ? [] : [item(words(loadBalancer.arn))]),
    item(
      text`${tool.name} ${tool.version} read AWS at ${spokenInFull(diagnosis.collectedAt, clock)}: ${count(cost.apiCalls, 'call')} in ${seconds} s`,
    ),
    item(text`Incident ${diagnosis.incidentKey}`),
    item(text`Fingerprint ${diagnosis.fingerprint}`),
    ...(supersedes === undefined ? [] : [item(text`Follows on ${supersedes}`)]),
    ...(truncated === undefined
      ? []
      : [paragraph(text`Shortened to fit one message; left out: ${truncated.join(', ')}.`)]),
  ];
}
