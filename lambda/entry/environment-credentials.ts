/** Stands in for the SDK's whole credential chain in the Lambda bundle: see `build.ts`. */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
