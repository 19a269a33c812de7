export type { Aws, AwsOptions, CallEvent, EvidenceEvent } from './aws.ts';
export { openAws } from './aws.ts';
export { ACTIONS, COLLECTORS, collect } from './collect.ts';
export type { Collector } from './collector.ts';
export { type Located, locate } from './locate/locate.ts';
export type { LocateFailure } from './locate/not-located.ts';
export { PERMISSIONS, type Permission } from './permissions.ts';
