export type { Aws, AwsOptions, CallEvent, EvidenceEvent } from './aws.ts';
export { openAws } from './aws.ts';
export { ACTIONS, COLLECTORS, collect } from './collect.ts';
export type { Collector } from './collector.ts';
export type { Failure } from './failure.ts';
export { type Located, locate } from './locate.ts';
export { PERMISSIONS, type Permission } from './permissions.ts';
