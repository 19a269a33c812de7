import type { ErrorKind } from '../incident/cause.ts';
import type { Time } from '../incident/text.ts';
import { type AwsCall, aws } from '../remedies/remedy.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';

/** Errors to be counted from a moment on. */
interface ErrorsFrom {
  readonly kinds: readonly [ErrorKind, ...ErrorKind[]];
  /** As a metric names it: `app/web/50dc6c495c0c9188`. */
  readonly loadBalancer: string;
  readonly from: Time;
}

/** A mended fault is seen to be so within it; CloudWatch takes an end that is yet to come. */
const SPAN = 3600;

/** How many requests failed minute by minute since then, of what the load balancer answers itself or of what targets do. */
export function countErrors({ kinds, loadBalancer, from }: ErrorsFrom): AwsCall {
  return aws('cloudwatch', 'get-metric-statistics', {
    namespace: 'AWS/ApplicationELB',
    metricName: metricOf(kinds),
    dimensions: { Name: 'LoadBalancer', Value: loadBalancer },
    startTime: from,
    endTime: plusSeconds(from, SPAN),
    ...{ period: 60, statistics: 'Sum' },
    query: 'sort_by(Datapoints,&Timestamp)[].[Timestamp,Sum]',
    output: 'text',
  });
}

function metricOf([first, ...others]: ErrorsFrom['kinds']): string {
  if (first === 'target5xx') return 'HTTPCode_Target_5XX_Count';
  const isOne = others.length === 0 && first !== 'other5xx';
  return `HTTPCode_ELB_${isOne ? first : '5XX'}_Count`;
}
