import { type Diagnosis, UNKNOWN } from '../incident/diagnosis.ts';
import { duration } from '../incident/text.ts';
import { judgedAndNot } from './story/coverage.ts';

/** The verdict in one line, for a subject, a heading, a text message: `ALB web: identified nothing-listening`. */
export function verdictLine(diagnosis: Diagnosis): string {
  return `${subjectOf(diagnosis)}: ${verdictOf(diagnosis)}`;
}

/** A failure may know the alarm and no load balancer. */
function subjectOf({ loadBalancer, trigger }: Diagnosis): string {
  return loadBalancer.name === UNKNOWN && trigger.alarmName !== undefined
    ? `Alarm ${trigger.alarmName}`
    : `ALB ${loadBalancer.name}`;
}

function verdictOf(diagnosis: Diagnosis): string {
  const { kind, verdict, durationSeconds } = diagnosis;
  if (kind === 'failed') return 'could not be triaged';
  const found =
    verdict.cause !== null
      ? `${verdict.status} ${verdict.cause}`
      : verdict.status === 'inconclusive'
        ? `inconclusive, ${judgedAndNot(diagnosis)}`
        : `${verdict.status}, no 5xx outage seen`;
  if (kind === 'update') return `update, ${found}`;
  if (kind !== 'recovered') return found;
  return `recovered${durationSeconds === undefined ? '' : ` after ${duration(durationSeconds)}`}, ${found}`;
}
