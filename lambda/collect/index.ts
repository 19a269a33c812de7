export type { Aws, AwsOptions } from './aws.ts';
export { openAws } from './aws.ts';
export { ACTIONS, COLLECTORS, collect } from './collect.ts';
export { type Choice, findChoices } from './locate/choices.ts';
export { likelyRegions } from './locate/likely-regions.ts';
export { locate } from './locate/locate.ts';
export type { LocateFailure } from './locate/not-located.ts';
export { alarmsThere, askedOf, loadBalancersThere, namedThere } from './locate/other-places.ts';
export { PERMISSIONS, permissionsBeyond } from './permissions.ts';
