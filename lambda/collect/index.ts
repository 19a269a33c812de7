export type { Aws, AwsOptions } from './aws.ts';
export { openAws } from './aws.ts';
export { ACTIONS, COLLECTORS, collect } from './collect.ts';
export { locate } from './locate/locate.ts';
export type { LocateFailure } from './locate/not-located.ts';
export { PERMISSIONS } from './permissions.ts';
