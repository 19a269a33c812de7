import type { Diagnosis } from '../../incident/diagnosis.ts';
import { code, orList, resource, type Text, text, time, uncapitalised, verbatim, words } from '../../incident/text.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { address, clip, printable } from '../printable.ts';
import type { Clock } from '../times.ts';
import { type Block, headline, link, paragraph, wholeParagraph } from './block.ts';
import { goingOn, recovery, total } from './extent.ts';
import { otherCausesBriefly } from './other-causes.ts';
import { includes, sentence, withFullStop } from './phrases.ts';
import { isShut, sureness } from './sureness.ts';

/** What a tired engineer reads first: what is going on, what caused it and how sure that is, where. What to run follows. */
export function opening(diagnosis: Diagnosis, clock: Clock): readonly Block[] {
  const news = (diagnosis.news ?? []).map((one) => headline(one));
  if (diagnosis.kind === 'failed') return [...failure(diagnosis), ...news, ...place(diagnosis)];
  const { status } = diagnosis.verdict;
  // Of an update, what changed is all that its reader wants to know.
  const isUpdate = diagnosis.kind === 'update';
  return [
    ...(isUpdate ? news : []),
    ...(diagnosis.trigger.state === 'OK' || diagnosis.kind === 'recovered' ? [headline(recovery(diagnosis))] : []),
    ...(isToldByHeadline(diagnosis) ? [] : [headline(goingOn(diagnosis, clock))]),
    ...(isToldByExtent(diagnosis) ? [] : [headline(whatIsWrong(diagnosis))]),
    ...(isUpdate ? [] : news),
    ...(status === 'inconclusive' ? changedBefore(diagnosis) : []),
    ...(status === 'quiet' ? [] : [paragraph(sureness(diagnosis)), ...otherCausesBriefly(diagnosis)]),
    ...place(diagnosis),
  ];
}

/** Without a cause, the verdict's sentence says no more of errors that were counted than how many, and since when. */
function isToldByExtent({ verdict: { status }, episode, symptoms, findings }: Diagnosis): boolean {
  return status === 'inconclusive' && episode?.of === 'errors' && total(symptoms) !== null && !findings.some(isShut);
}

/** Where nothing failed, the verdict's sentence says so, and of which time. */
function isToldByHeadline({ verdict: { status }, symptoms }: Diagnosis): boolean {
  return status === 'quiet' && total(symptoms) === 0;
}

/** Whose account, where, whom to call; by which name people find this incident again. */
function place({ loadBalancer, incidentId, redacted }: Diagnosis): readonly Block[] {
  const { accountId, accountName, region, owner, runbook } = loadBalancer;
  const account =
    accountName !== undefined
      ? [
          text`account ${verbatim(clip(accountName, NAME_AT_MOST))}${accountId === null ? '' : text` (${code(accountId)})`}`,
        ]
      : accountId === null
        ? []
        : [text`account ${code(accountId)}`];
  const parts = [
    ...account,
    ...(region === null ? [] : [text`${code(region)}`]),
    ...(owner === undefined ? [] : [text`owner ${verbatim(clip(owner, NAME_AT_MOST))}`]),
    text`incident ${code(incidentId)}`,
  ];
  return [
    wholeParagraph(sentence(orList(parts, ', ')), 'place'),
    ...(redacted === undefined ? [] : [wholeParagraph(words(MASKED))]),
    ...(runbook === undefined ? [] : [whatToRead(runbook)]),
  ];
}

const MASKED = 'Masked by --redact: names, ids and addresses are invented, in commands too.';

/** What somebody wrote into a tag, as far as it has room beside what else is read at once. */
const NAME_AT_MOST = 32;
/** As long as a line of a mail may be: an address is whole, or not there. */
const ADDRESS_AT_MOST = 200;

function whatToRead(runbook: string): Block {
  const [written] = printable(runbook).trim().split(' ');
  if (written === undefined || !/^https?:\/\/./.test(written)) {
    return paragraph(text`Runbook: ${verbatim(clip(runbook, NAME_AT_MOST))}`);
  }
  return address(written).length > ADDRESS_AT_MOST
    ? paragraph(words('Runbook: its address is too long for here; it is in the tag or the description of the alarm.'))
    : link({ title: 'Runbook', url: written });
}

/** Where no cause is found, what was changed shortly before is the best place to look. */
function changedBefore({ episode, changes }: Diagnosis): readonly Block[] {
  if (episode === null || episode.older) return [];
  const before = changes.filter(({ at }) => {
    const seconds = secondsBetween(at, episode.onset);
    return seconds > -60 && seconds <= SHORTLY;
  });
  const last = before.at(-1);
  if (last === undefined) return [];
  const more = before.length === 1 ? '' : text` (the last of ${before.length} changes in the half hour before)`;
  return [
    paragraph(
      text`Look first at the last change before the errors, at ${time(last.at)}${more}: ${code(last.who)}: ${verbatim(last.what)}. Whether it matters is not known.`,
    ),
  ];
}

const SHORTLY = 1800;

function failure(diagnosis: Diagnosis): readonly Block[] {
  const { verdict, error, trigger, loadBalancer, unfound } = diagnosis;
  const why =
    error === undefined || includes(verdict.headline, verbatim(error)) ? [] : [paragraph(sentence(verbatim(error)))];
  const stands =
    trigger.kind !== 'alarm' || trigger.alarmName === undefined || trigger.state === 'OK'
      ? words('Nothing is known about the cause.')
      : text`The alarm ${code(clip(trigger.alarmName, ALARM_AT_MOST))} went off, and nothing is known about its cause.`;
  // Who asks by hand about what is not there has asked about nothing that stands.
  const ofNothing = unfound !== undefined && trigger.kind !== 'alarm';
  return [headline(sentence(verdict.headline, loadBalancer.name)), ...why, ...(ofNothing ? [] : [paragraph(stands)])];
}

const ALARM_AT_MOST = 120;

function whatIsWrong(diagnosis: Diagnosis): Text {
  const {
    verdict: { status, headline },
    loadBalancer,
  } = diagnosis;
  if (startsWith(headline, /^suspect/i)) return sentence(headline, loadBalancer.name);
  if (status === 'suspected') return text`Suspected: ${withFullStop(uncapitalised(headline))}`;
  if (status === 'identified') return text`Cause: ${withFullStop(uncapitalised(headline))}`;
  // The first line has to name the load balancer.
  const [subject] = headline;
  const names = subject?.kind === 'resource' && subject.text === loadBalancer.name;
  const isFirst = isToldByHeadline(diagnosis);
  return isFirst && !names
    ? text`${resource(loadBalancer.name)}: ${withFullStop(uncapitalised(headline))}`
    : sentence(headline, loadBalancer.name);
}

function startsWith(says: Text, pattern: RegExp): boolean {
  const [first] = says;
  return first?.kind === 'word' && pattern.test(first.text);
}
