import type { Candidate } from '../causes/cause.ts';
import { andList, code, count, resource, type Text, text, time } from '../incident/text.ts';
import type { Removals } from '../semantics/targets/removals.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { type ExplainedShare, OF_REMOVAL, type RemovalErrors } from './share.ts';

/** A finding with what it explains besides, and the proof of that: the targets that were taken away for it. */
export function withRemovals(found: Candidate, removals: NonNullable<ExplainedShare['removals']>): Candidate {
  const said = removals.map(({ removals: one, errors }) => ({
    from: one.from,
    shows: removalSaid(one, errors),
    // Those that went one after the other have no time in common.
    ...(one.times.length === 1 ? { at: one.times[0] } : {}),
  }));
  const [first, ...rest] = found.because;
  return { ...found, explains: [...new Set([...found.explains, ...OF_REMOVAL])], because: [first, ...rest, ...said] };
}

function removalSaid(
  { of, count: gone, from, failedIn, targetGroups, minutes, times }: Removals,
  errors: RemovalErrors,
): Text {
  const others = targetGroups.filter((arn) => !failedIn.includes(arn));
  // Auto Scaling does not say whose checks they were.
  const where =
    from === 'autoScalingGroups'
      ? text` for failed health checks, deregistered from ${names(targetGroups)}`
      : others.length === 0
        ? text` for failed health checks${failedIn.every((arn) => groupName(arn) === of) ? '' : text` in ${names(failedIn)}`}`
        : text` from ${names(failedIn)} for failed health checks, and from ${names(others)} as well`;
  const when = times.length === 1 ? text`` : text` at ${andList(times.map(time), TIMES_AT_MOST)}`;
  const kinds = OF_REMOVAL.filter((kind) => errors[kind] > 0);
  const answered = kinds.reduce((sum, kind) => sum + errors[kind], 0);
  const codes = kinds.length === 1 ? andList(kinds.map(code)) : text`${code('502')} or ${code('503')}`;
  const those = minutes.size === 1 ? text`the minute` : text`the ${minutes.size} minutes`;
  const fell = text`${count(answered, 'request')} answered ${codes} in ${those} around ${gone === 1 ? 'it' : 'them'} in which no healthy target was seen in ${gone === 1 ? 'its' : 'their'} place`;
  return text`${count(gone, 'target')} of ${resource(of)} ${gone === 1 ? 'was' : 'were'} removed${where}${when}: ${fell}`;
}

const TIMES_AT_MOST = 5;
const names = (arns: readonly string[]): Text => andList(arns.map((arn) => resource(groupName(arn))));
