import type { Diagnosis, Symptoms } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import type { AlarmContributor } from '../../incident/evidence.ts';
import {
  andList,
  code,
  count,
  formatNumber,
  orList,
  type Phrase,
  percent,
  type Text,
  text,
  time,
  verbatim,
} from '../../incident/text.ts';
import { plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';
import { clip } from '../printable.ts';
import { type Clock, spokenInFull, spokenRange } from '../times.ts';
import { type Block, item, paragraph } from './block.ts';
import { sentence } from './phrases.ts';

/** The window in numbers. A number that was not seen says so: it is not zero. */
export function symptoms({ symptoms, window }: Diagnosis, clock: Clock): readonly Block[] {
  const { requests, errorShare } = symptoms;
  return [
    item(
      text`${spokenRange(window.from, window.to, clock)}: ${requests === null ? 'requests not seen' : count(requests, 'request')}`,
    ),
    item(text`5xx by the load balancer: ${byLoadBalancer(symptoms)}`),
    item(text`5xx by the targets: ${byTargets(symptoms)}`),
    ...(errorShare === null || errorShare === 0
      ? []
      : [item(text`Over all of that time ${percent(errorShare)} of the requests failed`)]),
  ];
}

function byTargets({ target5xx }: Symptoms): Phrase | 'none' | 'not seen' {
  if (target5xx === null) return 'not seen';
  return target5xx === 0 ? 'none' : formatNumber(target5xx);
}

function byLoadBalancer({ elb }: Symptoms): Text {
  const kinds = (['500', '502', '503', '504', 'other5xx'] as const).map((kind) => ({ kind, errors: elb[kind] }));
  const named = (wanted: (errors: number | null) => boolean) =>
    kinds.filter(({ errors }) => wanted(errors)).map(({ kind }) => (kind === 'other5xx' ? 'other' : kind));
  const some = kinds.filter(({ errors }) => errors !== null && errors > 0);
  const none = named((errors) => errors === 0);
  const unseen = named((errors) => errors === null);
  if (unseen.length === kinds.length) return text`not seen`;
  if (none.length === kinds.length) return text`none`;
  const said = [
    ...some.map(({ kind, errors }) => text`${formatNumber(errors ?? 0)} × ${kind === 'other5xx' ? 'other' : kind}`),
    ...(none.length === 0 ? [] : [text`none of ${orList(none, ', ')}`]),
    ...(unseen.length === 0 ? [] : [text`not seen ${orList(unseen, ', ')}`]),
  ];
  return orList(said, '; ');
}

const PARAGRAPHS_AT_MOST = 6;
const CHARACTERS_AT_MOST = 600;

/** The alarm, its reason in CloudWatch's words, and what its owners wrote for this night. */
export function alarmBackground({ trigger, recurrence }: Diagnosis): readonly Block[] {
  const { alarmName, state, at, reason, alarmDescription, contributor, alsoInAlarm = [], mutedBy = [] } = trigger;
  if (alarmName === undefined) return [];
  const since = at === null ? [] : text` since ${time(at)}`;
  const stands = at === null ? 'is in' : 'has been in';
  return [
    paragraph(
      sentence(
        state === undefined ? text`${code(alarmName)}` : text`${code(alarmName)} ${stands} ${code(state)}${since}`,
      ),
    ),
    ...(reason === undefined ? [] : [paragraph(sentence(verbatim(clip(reason, CHARACTERS_AT_MOST))))]),
    ...(contributor === undefined ? [] : [paragraph(text`It went off for ${attributesSaid(contributor)}.`)]),
    ...(alsoInAlarm.length === 0 ? [] : [paragraph(others(alsoInAlarm))]),
    ...mutedBy.map(({ name, description }) =>
      paragraph(
        text`The rule ${code(name)}${description === null ? '' : text` (${verbatim(clip(description, CHARACTERS_AT_MOST))})`} mutes it: its actions do not run, and nobody is notified when it changes state.`,
      ),
    ),
    ...(recurrence === undefined
      ? []
      : [
          paragraph(
            text`It went off ${count(recurrence.count, 'time')} before since ${time(recurrence.since)}, the last time at ${time(recurrence.last)}.`,
          ),
        ]),
    ...paragraphsOf(alarmDescription ?? '').map((one) => paragraph(verbatim(one))),
  ];
}

const OTHERS_AT_MOST = 5;

/** That it is not this load balancer alone may be all there is to know. */
function others(contributors: readonly AlarmContributor[]): Text {
  const named = contributors.map(({ attributes }) => attributesSaid(attributes));
  return text`Also in ALARM: ${andList(named, OTHERS_AT_MOST)}.`;
}

function attributesSaid(attributes: AlarmContributor['attributes']): Text {
  return andList(
    Object.keys(attributes)
      .sort()
      .map((name) => text`${code(name)} ${code(attributes[name] ?? '')}`),
  );
}

function paragraphsOf(description: string): readonly string[] {
  const paragraphs = description
    .split(/[\r\n]+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const shown = paragraphs.length > PARAGRAPHS_AT_MOST ? paragraphs.slice(0, PARAGRAPHS_AT_MOST - 1) : paragraphs;
  return [...shown.map((one) => clip(one, CHARACTERS_AT_MOST)), ...(shown.length < paragraphs.length ? ['…'] : [])];
}

/** Whom to call, by the tags. */
export function owner({ loadBalancer, trigger }: Diagnosis): readonly Block[] {
  return [
    ...loadBalancer.tags.map(({ key, value }) => item(text`${code(key)}: ${verbatim(value)}`)),
    ...(trigger.tags ?? []).map(({ key, value }) => item(text`${code(key)} of the alarm: ${verbatim(value)}`)),
  ];
}

/** The newest, oldest first. Changes stand in it; where there is no timeline, they stand alone. */
export function timeline(diagnosis: Diagnosis, atMost: number): readonly Block[] {
  const { timeline, changes } = diagnosis;
  const moments: readonly Text[] =
    timeline.length > 0
      ? timeline.map(({ at, what }) => text`${time(at)}: ${what}`)
      : changes.map(
          ({ at, who, what, resource }) => text`${time(at)}: ${code(who)}: ${verbatim(what)} (${code(resource)})`,
        );
  const omitted = moments.length - atMost;
  const shown = omitted <= 0 ? moments : moments.slice(omitted);
  return [
    ...(omitted <= 0 ? [] : [paragraph(text`${count(omitted, 'earlier moment')} left out.`)]),
    ...shown.map(item),
    ...changesUnseen(diagnosis),
  ];
}

const IDS_AT_MOST = 6;

/** That no change is shown does not mean that there was none. */
function changesUnseen({ changes, changesUnseen, collectedAt, window }: Diagnosis): readonly Block[] {
  if (changesUnseen === undefined) return [];
  const missing = changesUnseen.map(({ why, detail = '', ids = [] }) => {
    const what = ids.length === 0 ? text`` : text` of ${andList(ids.map(code), IDS_AT_MOST)}`;
    const because = verbatim(detail.replace(/\.$/, ''));
    const unseen = why === 'not-asked' ? text`were not read (${because})` : text`were not seen: ${because}`;
    return paragraph(sentence(text`Changes${what} ${unseen}`));
  });
  // Where CloudTrail did not answer at all, that is all there is to say.
  if (changes.length === 0 && changesUnseen.some(({ ids }) => ids === undefined)) return missing;
  const none =
    changes.length > 0 ? [] : missing.length === 0 ? text`No change was seen.` : text`No other change was seen.`;
  // A call that came later than the moment asked about made none of its errors.
  if (secondsBetween(window.to, collectedAt) > CLOUDTRAIL_LATEST) {
    return none.length === 0 ? missing : [...missing, paragraph(none)];
  }
  const lag = plusSeconds(collectedAt, -CLOUDTRAIL_LAG);
  const late = text`CloudTrail records appear some minutes late: a change after ${time(lag)} may be missing here.`;
  return [...missing, paragraph(none.length === 0 ? late : text`${none} ${late}`)];
}

/** On average, and at most. */
const CLOUDTRAIL_LAG = 300;
const CLOUDTRAIL_LATEST = 900;

/** The last line: what reading took, and what could not be seen of what was asked. */
export function receipt(diagnosis: Diagnosis, clock: Clock): readonly Block[] {
  const { tool, cost, collectedAt, undetermined, foundWithout = [], truncated, changesUnseen = [] } = diagnosis;
  const missing = [...[...undetermined, ...foundWithout].flatMap((one) => one.missing), ...changesUnseen];
  const unseen = new Set(missing.map(({ evidence }) => EVIDENCE[evidence].name));
  const seconds = Math.round(cost.durationMs / 100) / 10;
  const notSeen = unseen.size === 0 ? [] : text`; not seen, or not whole: ${andList([...unseen], UNSEEN_AT_MOST)}`;
  const shortened =
    truncated === undefined ? [] : text` Shortened to fit one message; left out: ${verbatim(truncated.join(', '))}.`;
  return [
    paragraph(
      text`Read at ${spokenInFull(collectedAt, clock)} in ${seconds} s with ${count(cost.apiCalls, 'call')} by ${tool.name} ${verbatim(tool.version)}${notSeen}.${shortened}`,
    ),
  ];
}

const UNSEEN_AT_MOST = 6;

/** The small print: what was read, when, and by which names to find this incident again. */
export function about(diagnosis: Diagnosis, clock: Clock): readonly Block[] {
  const { loadBalancer, tool, cost, supersedes, truncated } = diagnosis;
  const place = loadBalancer.region === null ? '' : text` in ${code(loadBalancer.region)}`;
  const account = loadBalancer.accountId === null ? '' : text`, account ${code(loadBalancer.accountId)}`;
  const seconds = Math.round(cost.durationMs / 100) / 10;
  return [
    item(text`Load balancer ${code(loadBalancer.name)}${place}${account}`),
    ...(loadBalancer.arn === null ? [] : [item([code(loadBalancer.arn)])]),
    item(
      text`${tool.name} ${verbatim(tool.version)} read AWS at ${spokenInFull(diagnosis.collectedAt, clock)}: ${count(cost.apiCalls, 'call')} in ${seconds} s`,
    ),
    item(text`Incident ${code(diagnosis.incidentId)} of ${code(diagnosis.incidentKey)}`),
    item(text`Fingerprint ${code(diagnosis.fingerprint)}`),
    ...(supersedes === undefined ? [] : [item(text`Follows on ${code(supersedes)}`)]),
    ...(truncated === undefined
      ? []
      : [paragraph(text`Shortened to fit one message; left out: ${verbatim(truncated.join(', '))}.`)]),
  ];
}
