import { Duration, Stack } from 'aws-cdk-lib';
import {
  Color,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  Row,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { metricSum, type Watched } from './alarms.ts';

const MINUTE = Duration.minutes(1);
/** Of 24 columns. */
const THIRD = 8;
const NAMESPACE = 'AWS/ApplicationELB';

/** Requests, errors and durations first, then who answers, then what may be full: a section for each load balancer. */
export function dashboardNamed(scope: Construct, name: string): Dashboard {
  return new Dashboard(scope, 'Dashboard', { dashboardName: name, defaultInterval: Duration.hours(3) });
}

/** Of one load balancer. `idleTimeout`: answers that take as long are cut off. */
export function addLoadBalancer(board: Dashboard, { dimension, name }: Watched, idleTimeout?: Duration): void {
  const sum = (metricName: string, label: string, color?: string) =>
    metricSum(metricName, dimension).with({ label, ...(color === undefined ? {} : { color }) });
  const duration = (statistic: string) => metric('TargetResponseTime', dimension, statistic, statistic);
  section(board, name, [
    graph('Requests a minute', [sum('RequestCount', 'requests')]),
    graph(
      '5xx a minute, by who answered',
      [
        sum('HTTPCode_ELB_502_Count', '502'),
        sum('HTTPCode_ELB_503_Count', '503'),
        sum('HTTPCode_ELB_504_Count', '504'),
        sum('HTTPCode_ELB_500_Count', '500'),
        sum('HTTPCode_Target_5XX_Count', 'by targets', Color.GREY),
      ],
      { stacked: true },
    ),
    graph('5xx, % of requests', [share(dimension)]),
    graph('Response time, s', ['p50', 'p99', 'Maximum'].map(duration), {
      ...(idleTimeout === undefined
        ? {}
        : { leftAnnotations: [{ value: idleTimeout.toSeconds(), label: 'idle timeout', color: Color.RED }] }),
    }),
    graph('Targets, by group', [
      byGroup('HealthyHostCount', 'Minimum', 'healthy', dimension),
      byGroup('UnHealthyHostCount', 'Maximum', 'unhealthy', dimension),
    ]),
    graph('Connections that fail, a minute', [
      sum('TargetConnectionErrorCount', 'to targets'),
      sum('TargetTLSNegotiationErrorCount', 'TLS with targets'),
      sum('ClientTLSNegotiationErrorCount', 'TLS with clients', Color.GREY),
    ]),
    graph('Load', [
      sum('RejectedConnectionCount', 'rejected connections', Color.RED),
      sum('ActiveConnectionCount', 'active connections'),
    ]),
  ]);
}

/** Of every load balancer of the account and Region, those to come among them. */
export function addEveryLoadBalancer(board: Dashboard): void {
  const search = (metricName: string, statistic = 'Sum') =>
    new MathExpression({
      // Of a search, each series is named by what it found.
      label: '',
      expression: `SEARCH('{${NAMESPACE},LoadBalancer} MetricName="${metricName}"', '${statistic}', 60)`,
      period: MINUTE,
    });
  section(board, 'Every load balancer', [
    graph('Requests a minute', [search('RequestCount')]),
    graph('5xx a minute, by load balancers themselves', [search('HTTPCode_ELB_5XX_Count')]),
    graph('5xx a minute, by targets', [search('HTTPCode_Target_5XX_Count')]),
    graph('Response time, p99, s', [search('TargetResponseTime', 'p99')]),
    graph('Connections to targets that fail, a minute', [search('TargetConnectionErrorCount')]),
    graph('Rejected connections a minute', [search('RejectedConnectionCount')]),
  ]);
}

/** Where the console shows it. */
export function dashboardUrl(board: Dashboard): string {
  const { region } = Stack.of(board);
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${board.dashboardName}`;
}

function section(board: Dashboard, title: string, graphs: readonly IWidget[]): void {
  board.addWidgets(new TextWidget({ markdown: `## ${title}`, width: 3 * THIRD, height: 1 }));
  for (let from = 0; from < graphs.length; from += 3) board.addWidgets(new Row(...graphs.slice(from, from + 3)));
}

function graph(
  title: string,
  left: IMetric[],
  more: Partial<ConstructorParameters<typeof GraphWidget>[0]> = {},
): GraphWidget {
  return new GraphWidget({
    title,
    left,
    width: THIRD,
    period: MINUTE,
    leftYAxis: { min: 0, showUnits: false },
    ...more,
  });
}

function metric(metricName: string, LoadBalancer: string, statistic: string, label: string): Metric {
  return new Metric({
    ...{ namespace: NAMESPACE, metricName, dimensionsMap: { LoadBalancer } },
    ...{ statistic, period: MINUTE, label },
  });
}

/** A 503 without a target is not among the requests: whichever is more. */
function share(dimension: string): MathExpression {
  return new MathExpression({
    label: 'errors',
    expression: '100 * (FILL(elb, 0) + FILL(target, 0)) / MAX([FILL(requests, 0), FILL(elb, 0) + FILL(target, 0)])',
    period: MINUTE,
    usingMetrics: {
      elb: metricSum('HTTPCode_ELB_5XX_Count', dimension),
      target: metricSum('HTTPCode_Target_5XX_Count', dimension),
      requests: metricSum('RequestCount', dimension),
    },
  });
}

function byGroup(metricName: string, statistic: string, label: string, dimension: string): MathExpression {
  return new MathExpression({
    label,
    expression: `SEARCH('{${NAMESPACE},LoadBalancer,TargetGroup} LoadBalancer="${dimension}" MetricName="${metricName}"', '${statistic}', 60)`,
    period: MINUTE,
  });
}
