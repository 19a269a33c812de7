import { type Diagnosis, type Missing, UNKNOWN } from '../../incident/diagnosis.ts';
import type { Argv } from '../../incident/finding.ts';
import type { Window } from '../../incident/question.ts';
import { text, time, words } from '../../incident/text.ts';
import { isVisible } from '../../incident/visible.ts';
import { EVENTS_KEPT } from '../../semantics/changes/event-history.ts';
import { plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';
import { type Block, command, lead, paragraph } from './block.ts';
import { allow } from './coverage.ts';
import { total } from './extent.ts';
import { firstWay } from './remedy.ts';
import { isShut } from './sureness.ts';

/** What to do where no cause is found: nobody is left without a next step. */
export function nextStep(diagnosis: Diagnosis): readonly Block[] {
  const steps = stepFor(diagnosis);
  const { loadBalancer, trigger } = diagnosis;
  const names = [loadBalancer.name, loadBalancer.arn, trigger.alarmName, trigger.alarmArn];
  const isOption = names.some((name) => name?.startsWith('-'));
  const commands = steps.flatMap((block) => (block.is === 'command' ? [block.run] : []));
  return commands.length > 0 && (isOption || !commands.every(isVisible)) ? [] : steps;
}

function stepFor(diagnosis: Diagnosis): readonly Block[] {
  const { kind, verdict, episode, findings, coverage, symptoms } = diagnosis;
  if (kind === 'failed') return afterFailure(diagnosis);
  if (verdict.cause !== null && findings[0]?.fixes.length !== 0) return [];
  const isOver = episode === null || episode.end !== null;
  const way = verdict.cause === null ? wayOfFound(diagnosis) : [];
  if (verdict.status === 'quiet') return way.length > 0 ? way : whileItLasts(diagnosis);
  if (coverage.denied.length > 0) return [...way, ...allow(diagnosis), ...again(diagnosis, THEN_AGAIN)];
  if (way.length > 0) return way;
  if (unanswered(diagnosis).length > 0) return again(diagnosis, NOT_ANSWERED);
  if (diagnosis.readLate) return changedThen(diagnosis);
  if (isOver || total(symptoms) === null) return whileItLasts(diagnosis);
  return [
    paragraph(text`Next: read the application's own log from ${time(episode.onset)} on; AWS shows nothing more.`),
  ];
}

const THEN_AGAIN = 'Then ask again about the same time:';
const NOT_ANSWERED = 'Some calls to AWS failed. To ask again about the same time:';
const ONCE_MORE = 'To ask again about the same time:';

function again(diagnosis: Diagnosis, says: typeof THEN_AGAIN | typeof NOT_ANSWERED | typeof ONCE_MORE) {
  const { name, arn } = diagnosis.loadBalancer;
  const about = name === UNKNOWN ? (arn ?? diagnosis.trigger.alarmArn) : name;
  if (about === undefined) return whatThereIs(diagnosis);
  const sameTime = ['--at', diagnosis.window.to, ...lengthOf(diagnosis.window)];
  return [paragraph(words(says)), command(['alb-triage', about, ...sameTime, ...inRegion(diagnosis)])];
}

/** The same window, where it is not as long as one is by default. */
function lengthOf({ from, to }: Window): Argv {
  const minutes = Math.ceil(secondsBetween(from, to) / 60);
  if (minutes === DEFAULT_MINUTES) return [];
  return ['--since', minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`];
}

const DEFAULT_MINUTES = 30;

/** What AWS shows of a state is of now; what was changed it tells of then, as long as it keeps that. */
function changedThen(diagnosis: Diagnosis): readonly Block[] {
  const { episode, window, collectedAt } = diagnosis;
  const [onset, until] = episode === null ? [window.from, window.to] : [episode.onset, plusSeconds(episode.onset, 60)];
  const from = plusSeconds(onset, -3600);
  if (secondsBetween(from, collectedAt) > EVENTS_KEPT) {
    return [
      paragraph(
        words(
          'AWS keeps nothing more of that time: CloudTrail keeps its event history for 90 days. Access logs in S3, if they were on then, may show it.',
        ),
      ),
    ];
  }
  const changed = ['--lookup-attributes', 'AttributeKey=ReadOnly,AttributeValue=false', '--max-items', '50'];
  return [
    lead(
      'look',
      words('To look closer (changes nothing): AWS shows states only as they are now; see what was changed then:'),
    ),
    command([
      ...['aws', 'cloudtrail', 'lookup-events', '--start-time', from, '--end-time', until],
      ...[...changed, ...inRegion(diagnosis)],
    ]),
  ];
}

const inRegion = ({ loadBalancer: { region } }: Diagnosis): Argv => (region === null ? [] : ['--region', region]);

/** A call that was refused, or that may be answered the next time; else what is there instead. */
function afterFailure(diagnosis: Diagnosis): readonly Block[] {
  if (diagnosis.coverage.denied.length > 0) return [...allow(diagnosis), ...again(diagnosis, THEN_AGAIN)];
  return diagnosis.unfound ? whatThereIs(diagnosis) : again(diagnosis, ONCE_MORE);
}

/** To see what was meant: what the alarm is about, or which load balancers there are. */
function whatThereIs(diagnosis: Diagnosis): readonly Block[] {
  const { loadBalancer, trigger, unfound } = diagnosis;
  if (unfound === 'alarm') {
    return [
      lead('look', words('To look closer (changes nothing): see which alarms there are:')),
      command(['aws', 'cloudwatch', 'describe-alarms', ...NAMES_OF_ALARMS, ...inRegion(diagnosis)]),
    ];
  }
  if (loadBalancer.name === UNKNOWN && trigger.alarmName !== undefined) {
    return [
      lead('look', words('To look closer (changes nothing): see what the alarm is about:')),
      command(['aws', 'cloudwatch', 'describe-alarms', '--alarm-names', trigger.alarmName, ...inRegion(diagnosis)]),
    ];
  }
  const names = ['--query', 'LoadBalancers[].LoadBalancerName'];
  return [
    lead('look', words('To look closer (changes nothing): see which load balancers there are:')),
    command(['aws', 'elbv2', 'describe-load-balancers', ...names, ...inRegion(diagnosis)]),
  ];
}

/** Without their types, AWS answers metric alarms only. */
const NAMES_OF_ALARMS = [
  ...['--alarm-types', 'MetricAlarm', 'CompositeAlarm'],
  ...['--query', '[MetricAlarms,CompositeAlarms][].AlarmName'],
];

/** Of what is found beside a verdict that is no cause: the way out of what is sure, a look at what may be. */
function wayOfFound({ findings }: Diagnosis): readonly Block[] {
  const own = findings.filter(({ symptomOf, waiting }) => symptomOf === undefined && !waiting);
  const [shut] = own.filter(isShut).map((finding) => firstWay(finding, []));
  if (shut !== undefined && shut.length > 0) return shut;
  const looks = own.map((finding) =>
    firstWay({ ...finding, fixes: finding.fixes.filter(({ changes }) => !changes) }, []),
  );
  return looks.find((one) => one.length > 0) ?? [];
}

function whileItLasts(diagnosis: Diagnosis): readonly Block[] {
  const errors = total(diagnosis.symptoms);
  const says =
    errors === null
      ? words('To ask again, and save what AWS shows then:')
      : errors === 0
        ? words('If requests fail, run this while they do, to save what AWS shows:')
        : words('If it happens again, run this while it lasts, to save what AWS shows:');
  const { name } = diagnosis.loadBalancer;
  return [paragraph(says), command(['alb-triage', name, ...inRegion(diagnosis), '--save', 'incident.json'])];
}

function unanswered({ undetermined }: Diagnosis): readonly Missing[] {
  return undetermined.flatMap(({ missing }) =>
    missing.filter(({ why }) => why === 'throttled' || why === 'timed-out' || why === 'failed'),
  );
}
