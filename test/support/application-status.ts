import type { ApplicationCheck } from '../../lambda/incident/evidence.ts';

/** On the port of the targets, since 14:22 unless told otherwise. */
export function applicationCheck(reason: string, ill: Partial<ApplicationCheck> = {}): ApplicationCheck {
  return {
    ...{ id: 'asc-1', status: reason === 'ResponseCodeMatched' ? 'passed' : 'failed', since: '2026-03-10T14:22:00Z' },
    ...{ reason, statusCode: null, port: 8080, path: '/' },
    ...ill,
  };
}

/** What EC2 finds on both instances. */
export function bothChecked(...checks: ApplicationCheck[]) {
  return { applicationStatus: ['i-1', 'i-2'].map((instanceId) => ({ instanceId, status: 'impaired', checks })) };
}
