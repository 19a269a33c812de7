import { Duration, Fn, Stack, Token } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';

/** An Application Load Balancer, created in this app, imported, or known by its ARN alone. */
export interface WatchedLoadBalancer {
  readonly loadBalancerArn: string;
}

/** When errors are an incident: in that many minutes of the last ones, so many errors, and so much of all requests. */
export interface Threshold {
  readonly minimumErrors: number;
  readonly errorPercent: number;
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
}

export const DEFAULT_THRESHOLD: Threshold = {
  minimumErrors: 5,
  errorPercent: 5,
  datapointsToAlarm: 2,
  evaluationPeriods: 3,
};

/** By what answers: each is an alarm of its own, so that either is heard of while the other goes on. */
export const ERROR_METRICS: readonly ErrorMetric[] = [
  { suffix: 'elb-5xx', metricName: 'HTTPCode_ELB_5XX_Count', by: 'the load balancer itself' },
  { suffix: 'target-5xx', metricName: 'HTTPCode_Target_5XX_Count', by: 'its targets' },
];

interface ErrorMetric {
  readonly suffix: string;
  readonly metricName: string;
  readonly by: string;
}

/** A load balancer as alarms name it. */
export interface Watched {
  /** `app/web/50dc6c495c0c9188`: the value of the CloudWatch dimension. */
  readonly dimension: string;
  readonly name: string;
  /** Of its alarms' constructs: the same whatever the order of the load balancers. */
  readonly id: string;
}

export function watchedBy(scope: Construct, { loadBalancerArn }: WatchedLoadBalancer): Watched {
  // arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188
  const dimension = Fn.select(1, Fn.split(':loadbalancer/', loadBalancerArn));
  const name = Fn.select(1, Fn.split('/', dimension));
  return { dimension, name, id: Token.isUnresolved(loadBalancerArn) ? logicalIdIn(scope, loadBalancerArn) : name };
}

/** Two alarms: on what the load balancer answers itself, and on what its targets answer. */
export function errorAlarms(
  scope: Construct,
  { dimension, name, id }: Watched,
  namePrefix: string,
  { minimumErrors, errorPercent, datapointsToAlarm, evaluationPeriods }: Threshold,
): readonly Alarm[] {
  return ERROR_METRICS.map(({ suffix, metricName, by }) => {
    return new Alarm(scope, `${id}-${suffix}`, {
      alarmName: `${namePrefix}${name}-${suffix}`,
      alarmDescription:
        `${name}: at least ${minimumErrors} requests a minute and ${errorPercent} % of all were answered 5xx by ${by}, ` +
        `in ${datapointsToAlarm} of ${evaluationPeriods} minutes. alb-triage reports why.`,
      metric: errorsIfMany(dimension, metricName, by, errorPercent),
      threshold: minimumErrors,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm,
      evaluationPeriods,
      // AWS sends these metrics only where there are errors.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  });
}

/**
 * The errors of each minute in which they are so much of all requests, else 0: the alarm's threshold is their number,
 * and its reason tells them. Nothing is divided: in a total outage there may be no RequestCount, which leaves out what
 * is answered before a target is chosen, as a 503 is. Errors are not filled: what AWS has not sent yet is no 0. The rest
 * is, twice: FILL does it for a metric with gaps, SUM for one without a single datapoint.
 */
function errorsIfMany(dimension: string, metricName: string, by: string, percent: number): MathExpression {
  return new MathExpression({
    label: `5xx answered by ${by}`,
    expression: `IF(100 * errors >= ${percent} * MAX([errors, SUM([FILL(requests, 0), FILL(unrouted, 0)])]), errors, 0)`,
    period: Duration.minutes(1),
    usingMetrics: {
      errors: metricSum(metricName, dimension),
      requests: metricSum('RequestCount', dimension),
      unrouted: metricSum('HTTPCode_ELB_503_Count', dimension),
    },
  });
}

export function metricSum(metricName: string, dimension: string, period: Duration = Duration.minutes(1)): Metric {
  return new Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensionsMap: { LoadBalancer: dimension },
    statistic: 'Sum',
    period,
  });
}

/** `{"Ref": "WebF5A2C1D3"}`: the same whatever the order of the load balancers, as their alarms must be. */
function logicalIdIn(scope: Construct, token: string): string {
  return JSON.stringify(Stack.of(scope).resolve(token)).replace(/\W+/g, '');
}
