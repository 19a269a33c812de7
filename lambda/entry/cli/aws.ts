/** All of the command line that needs the AWS SDK, to be loaded when it is needed. */
export { findChoices, openAws, PERMISSIONS, permissionsBeyond } from '../../collect/index.ts';
export { PUBLISH_ACTIONS, publish } from '../../deliver/sns.ts';
export { checkPlace, credentialsSaid } from './session.ts';
export { triage } from './triage.ts';
