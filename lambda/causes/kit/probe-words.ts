import type { Citation } from '../../incident/finding.ts';
import { code, resource, type Text, type Time, text, time } from '../../incident/text.ts';
import type { Probe } from '../../semantics/targets/application-checks.ts';
import { citeAt } from '../cite.ts';

/** `EC2's own check of i-1 on port 8080: ConnectionRefused since 14:20`. */
export function probeSaid({ target, check }: Probe): Text {
  const { since, reason, statusCode, path, port } = check;
  const where = text`on port ${code(port ?? 'unknown')}${path === null ? '' : text` (${code(path)})`}`;
  const answer = statusCode === null ? text`` : text` ${code(statusCode)}`;
  return text`EC2's own check of ${resource(target.id)} ${where}: ${code(reason ?? check.status)}${answer}${since === null ? '' : text` since ${time(since)}`}`;
}

/** As proofs: a few of them tell enough. */
export function probesSaid(probes: readonly Probe[]): readonly Citation<Text, 'applicationStatus'>[] {
  return probes.slice(0, 3).map((probe) => citeAt(probe.check.since).applicationStatus`${probeSaid(probe)}`);
}

/** How the beginning of what they found is known: it is older than EC2's word for it. */
export function datingSaid(
  since: Time | undefined,
  probes: readonly Probe[],
): Citation<Text, 'applicationStatus' | 'instanceMetrics'> | null {
  if (since === undefined) return null;
  const shows = text`EC2's own checks failed from about ${time(since)} on: it reports that after 2 failed checks in a row, a minute apart`;
  const isByStatus = probes.some(({ check }) => check.since !== null);
  return { from: isByStatus ? 'applicationStatus' : 'instanceMetrics', shows };
}
