/** What `alb-triage/cdk` gives. */
export type { Threshold, WatchedLoadBalancer } from './alarms.ts';
export { AlbTriage } from './alb-triage.ts';
export type { SlackChannel, TeamsChannel } from './chat.ts';
export type { LogSource } from './logs.ts';
export type { MoreAlarms } from './more-alarms.ts';
export type { AlbTriageProps, ExistingAlarm, WatchOptions } from './props.ts';
