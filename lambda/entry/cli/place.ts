import { meant } from '../../intake/index.ts';
import { quoted } from './wording.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The SDK reads AWS_REGION and not AWS_DEFAULT_REGION, which the AWS CLI reads. */
export function regionSaid(option: string | undefined, env: Env): string | undefined {
  return option ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined);
}

export function isKnownRegion(region: string): boolean {
  return REGIONS.split(' ').includes(region);
}

/** A Region that does not look like one is refused; one that nobody knows may be new, or mistyped. */
export function regionMeant(region: string): string | undefined {
  return isKnownRegion(region) ? undefined : meant(region, REGIONS.split(' '));
}

/** Those there were when this was written, for what was mistyped. */
const REGIONS =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1 ' +
  'eu-central-1 eu-central-2 eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 eu-south-2 eusc-de-east-1 ' +
  'af-south-1 il-central-1 me-central-1 me-south-1 ap-east-1 ap-east-2 ap-south-1 ap-south-2 ' +
  'ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ' +
  'ap-southeast-5 ap-southeast-6 ap-southeast-7 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1';

/** The variables that send calls elsewhere, by name. */
export function endpointVariables(env: Env): readonly string[] {
  if (env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true') return [];
  return Object.keys(env).filter((name) => /^AWS_ENDPOINT_URL(?:_[A-Z0-9_]+)?$/.test(name) && env[name]);
}

/** The one by which a load balancer is looked for, and where to. */
export function endpointSaid(env: Env): string | undefined {
  const set = endpointVariables(env);
  const name = ['AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2', 'AWS_ENDPOINT_URL'].find((one) => set.includes(one));
  return name === undefined ? undefined : `${name} says ${quoted(env[name] ?? '')}`;
}
