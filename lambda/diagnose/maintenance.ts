import type { Diagnosis } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';

/** The tag of the load balancer that announces maintenance: until when, as an ISO 8601 time in UTC. */
const TAG = 'alb-triage:maintenance-until';

/** A tag without an end would hush everything for ever: what is no time announces nothing. */
export function maintenanceOf({ evidence, question }: Snapshot): Pick<Diagnosis, 'maintenance'> {
  const tags = ifSeen(evidence.tags)?.[question.subject.arn] ?? {};
  const until =
    Object.entries(tags)
      .find(([key]) => key.toLowerCase() === TAG)?.[1]
      .trim() ?? '';
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(until) && Number.isFinite(Date.parse(until));
  return isTime ? { maintenance: until.length === 17 ? `${until.slice(0, 16)}:00Z` : until } : {};
}
