import type { LoadBalancer as Described } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws, PartialList } from '../aws.ts';
import { CallFailed, type Reason } from '../errors.ts';
import { describeAlarms } from '../services/cloudwatch.ts';
import { describeLoadBalancers } from '../services/elastic-load-balancing.ts';
import { refusalSaid } from './not-located.ts';

/** Nobody waits longer for a hint. */
const PATIENCE_MS = 4_000;
const PAGES = 5;

interface Answer<T> {
  readonly region: string;
  readonly is: T;
}

/** Refused, not in use by this account, or too slow. */
export interface Unread {
  readonly region: string;
  readonly why: string;
  readonly reason: Reason;
}

/** What became of asking several Regions the same. */
interface Asked<T> {
  readonly answers: readonly Answer<T>[];
  readonly unread: readonly Unread[];
}

/** All at once; whoever does not answer in time is not waited for. Never rejects. */
export async function askedOf<T>(
  regions: readonly string[],
  aws: Aws,
  ask: (there: Aws) => Promise<T>,
): Promise<Asked<T>> {
  const patient = aws.within(PATIENCE_MS);
  const settled = await Promise.all(
    regions.map(async (region): Promise<Answer<T> | Unread> => {
      try {
        return { region, is: await ask(patient.in(region)) };
      } catch (error) {
        return { region, ...unreadBecause(error) };
      }
    }),
  );
  return {
    answers: settled.flatMap((one) => ('is' in one ? [one] : [])),
    unread: settled.flatMap((one) => ('is' in one ? [] : [one])),
  };
}

function unreadBecause(error: unknown): Pick<Unread, 'why' | 'reason'> {
  if (!(error instanceof CallFailed))
    return { why: error instanceof Error ? error.message : String(error), reason: 'failed' };
  const { reason, message } = error;
  return { why: reason === 'denied' ? refusalSaid(error) : message, reason };
}

/** The load balancer of that name, of whatever kind; `undefined` where there is none. */
export async function namedThere(name: string, there: Aws): Promise<Described | undefined> {
  // Half a name, typed as far as its hyphen: AWS takes it for no name at all.
  if (name.endsWith('-')) return undefined;
  try {
    return (await there.ask(describeLoadBalancers, { Names: [name] })).LoadBalancers?.[0];
  } catch (error) {
    if (error instanceof CallFailed && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/** As many as a hint is worth. */
export function loadBalancersThere(there: Aws): Promise<PartialList<Described>> {
  return there.pages(describeLoadBalancers, { PageSize: 400 }, (answer) => answer.LoadBalancers, PAGES);
}

/** Alarms by name and ARN, metric and composite ones: those of these names, or as many as a hint is worth. */
export async function alarmsThere(there: Aws, names?: readonly string[]): Promise<readonly NamedAlarm[]> {
  const { items } = await there.pages(
    describeAlarms,
    {
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
      ...(names === undefined ? {} : { AlarmNames: [...names] }),
    },
    ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
    PAGES,
  );
  return items.map(({ AlarmName: name = '', AlarmArn: arn = '' }) => ({ name, arn }));
}

interface NamedAlarm {
  readonly name: string;
  readonly arn: string;
}
