import type { LoadBalancer as Described } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { likelyRegions } from './likely-regions.ts';
import { askedOf, loadBalancersThere, type Unread } from './other-places.ts';
import { kindOf, subjectOf } from './subject.ts';

/** A load balancer that may be meant. */
export interface Choice {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly state: string;
  /** Answers 5xx, its own and its targets', of the last half hour; `null` where they could not be read. */
  readonly errors: number | null;
}

interface Choices {
  readonly choices: readonly Choice[];
  readonly read: readonly string[];
  readonly unread: readonly Unread[];
}

const HALF_AN_HOUR = 1_800_000;
const METRICS = ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count'] as const;
const LOAD_BALANCERS_A_CALL = 250;

/** The Application Load Balancers of the Region that is configured and of the likely ones: those with most errors first. */
export async function findChoices(aws: Aws): Promise<Choices> {
  const own = await aws.region();
  const regions = [...new Set([...(own === undefined ? [] : [own]), ...likelyRegions(own)])];
  const { answers, unread } = await askedOf(regions, aws, async (there) => {
    const { items } = await loadBalancersThere(there);
    const applications = items.filter(({ LoadBalancerArn = '', Type = 'application' }) => {
      const subject = subjectOf(LoadBalancerArn);
      return Type === 'application' && subject !== undefined && kindOf(subject.dimension) === 'Application';
    });
    return withErrors(applications, there);
  });
  const choices = answers.flatMap(({ region, is }) => is.map((choice) => ({ ...choice, region })));
  const place = (region: string): number => regions.indexOf(region);
  return {
    choices: choices.sort(
      (a, b) => (b.errors ?? 0) - (a.errors ?? 0) || place(a.region) - place(b.region) || (a.name < b.name ? -1 : 1),
    ),
    read: answers.map(({ region }) => region),
    unread,
  };
}

async function withErrors(described: readonly Described[], there: Aws): Promise<readonly Omit<Choice, 'region'>[]> {
  const errors = await errorsOf(
    described.map(({ LoadBalancerArn = '' }) => LoadBalancerArn),
    there,
  ).catch(() => null);
  return described.map(({ LoadBalancerArn: arn = '', LoadBalancerName: name = '', State }) => ({
    arn,
    name,
    state: State?.Code ?? 'unknown',
    errors: errors === null ? null : (errors.get(arn) ?? null),
  }));
}

/** By ARN, of each that CloudWatch answered for. It writes no datapoint where nothing failed. */
async function errorsOf(arns: readonly string[], there: Aws): Promise<ReadonlyMap<string, number>> {
  const now = Date.parse(there.readAt() ?? '');
  const sums = new Map<string, number>();
  for (let from = 0; from < arns.length; from += LOAD_BALANCERS_A_CALL) {
    const batch = arns.slice(from, from + LOAD_BALANCERS_A_CALL);
    const { items } = await there.pages(
      getMetricData,
      {
        StartTime: new Date(now - HALF_AN_HOUR),
        EndTime: new Date(now),
        MetricDataQueries: batch.flatMap((arn, place) => METRICS.map((name, which) => query(arn, name, place, which))),
      },
      ({ MetricDataResults }) => MetricDataResults,
    );
    for (const { Id = '', Values = [] } of items) {
      const arn = batch[Number(/\d+/.exec(Id)?.[0])];
      if (arn !== undefined) sums.set(arn, (sums.get(arn) ?? 0) + Values.reduce((sum, value) => sum + value, 0));
    }
  }
  return sums;
}

function query(arn: string, MetricName: string, place: number, which: number) {
  const Dimensions = [{ Name: 'LoadBalancer', Value: subjectOf(arn)?.dimension ?? '' }];
  const Metric = { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions };
  return { Id: `m${place}_${which}`, MetricStat: { Metric, Period: 60, Stat: 'Sum' } };
}
