/** Stands in for the SDK's whole credential chain in the Lambda bundle: see `rolldown.config.ts`. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
