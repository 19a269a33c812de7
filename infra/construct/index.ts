/** What `alb-triage/cdk` gives. */
export type { Threshold, WatchedLoadBalancer } from './alarms.ts';
export { AlbTriage } from './alb-triage.ts';
export type { AlbTriageProps } from './props.ts';
