import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ERROR_METRICS, metricSum, type Threshold, type Watched } from './alarms.ts';

/** Alarms that one may switch on, for each load balancer that is watched. */
export interface MoreAlarms {
  /**
   * An outage even where few requests come: in each of two times five minutes at least two requests were answered 5xx, and
   * 90 % of all. Fewer than five a minute never set off the alarms on errors. Where many come it goes off, too, later.
   * @default false
   */
  readonly lowTraffic?: boolean | undefined;
  /**
   * A target group with an unhealthy target for five minutes, while there may be no error yet.
   * @default false
   */
  readonly unhealthyHosts?: boolean | undefined;
  /**
   * The idle timeout of the load balancer, to be warned before answers are cut off by it: one request of a hundred takes
   * 80 % of it, in three minutes running.
   * @default - no alarm on latency
   */
  readonly idleTimeout?: Duration | undefined;
}

const ALL_ERRORS = 'SUM([FILL(elb, 0), FILL(target, 0)])';
const FIVE_MINUTES = Duration.minutes(5);

export function moreAlarms(scope: Construct, watched: Watched, namePrefix: string, more: MoreAlarms): readonly Alarm[] {
  const { lowTraffic = false, unhealthyHosts = false, idleTimeout } = more;
  return [
    ...(lowTraffic ? [lowTrafficAlarm(scope, watched, namePrefix)] : []),
    ...(unhealthyHosts ? [unhealthyHostsAlarm(scope, watched, namePrefix)] : []),
    ...(idleTimeout === undefined ? [] : [latencyAlarm(scope, watched, namePrefix, idleTimeout)]),
  ];
}

function lowTrafficAlarm(scope: Construct, { dimension, name, id }: Watched, namePrefix: string): Alarm {
  return new Alarm(scope, `${id}-low-traffic`, {
    alarmName: `${namePrefix}${name}-low-traffic`,
    alarmDescription: `${name}: nearly all requests were answered 5xx, two at least in each of two times five minutes. alb-triage reports why.`,
    metric: new MathExpression({
      label: 'errors, where nearly all requests fail',
      // A 503 without a target is not in RequestCount: whichever is more. SUM is for a metric without a single datapoint.
      expression: `IF(${ALL_ERRORS} >= 0.9 * MAX([SUM([FILL(requests, 0)]), SUM([FILL(elb, 0)])]), ${ALL_ERRORS}, 0)`,
      period: FIVE_MINUTES,
      usingMetrics: {
        elb: metricSum('HTTPCode_ELB_5XX_Count', dimension, FIVE_MINUTES),
        target: metricSum('HTTPCode_Target_5XX_Count', dimension, FIVE_MINUTES),
        requests: metricSum('RequestCount', dimension, FIVE_MINUTES),
      },
    }),
    threshold: 2,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** By query: which groups a load balancer has is known to CloudWatch alone, and changes. */
function unhealthyHostsAlarm(scope: Construct, { dimension, name, id }: Watched, namePrefix: string): Alarm {
  return new Alarm(scope, `${id}-unhealthy-hosts`, {
    alarmName: `${namePrefix}${name}-unhealthy-hosts`,
    alarmDescription: `${name}: a target group has had an unhealthy target for five minutes. alb-triage reports why.`,
    metric: new MathExpression({
      label: 'unhealthy targets, by target group',
      expression: `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${dimension}' GROUP BY TargetGroup`,
      period: Duration.minutes(1),
    }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 5,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

function latencyAlarm(scope: Construct, { dimension, name, id }: Watched, namePrefix: string, idle: Duration): Alarm {
  const seconds = 0.8 * idle.toSeconds();
  return new Alarm(scope, `${id}-latency`, {
    alarmName: `${namePrefix}${name}-latency`,
    alarmDescription: `${name}: one request of a hundred takes ${seconds} s or longer, and is cut off at ${idle.toSeconds()} s. alb-triage reports why.`,
    metric: new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName: 'TargetResponseTime',
      dimensionsMap: { LoadBalancer: dimension },
      statistic: 'p99',
      period: Duration.minutes(1),
    }),
    threshold: seconds,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/**
 * Every load balancer of the account and Region, those to come among them: an alarm by query, grouped by load balancer. Each
 * that is over the threshold is a contributor, and sets the function off by itself. A query knows no share of requests: only
 * the number of errors counts.
 */
export function accountAlarms(
  scope: Construct,
  namePrefix: string,
  { minimumErrors, datapointsToAlarm, evaluationPeriods }: Threshold,
): readonly Alarm[] {
  return ERROR_METRICS.map(
    ({ suffix, metricName, by }) =>
      new Alarm(scope, `all-${suffix}`, {
        alarmName: `${namePrefix}all-${suffix}`,
        alarmDescription:
          `At least ${minimumErrors} requests a minute to a load balancer were answered 5xx by ${by === 'its targets' ? by : 'itself'}, ` +
          `in ${datapointsToAlarm} of ${evaluationPeriods} minutes; 100 load balancers at once, of the 500 with the most. alb-triage reports why.`,
        metric: new MathExpression({
          label: '5xx, by load balancer',
          expression: `SELECT SUM(${metricName}) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer ORDER BY SUM() DESC`,
          period: Duration.minutes(1),
        }),
        threshold: minimumErrors,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        datapointsToAlarm,
        evaluationPeriods,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
  );
}
