import { meant } from '../../intake/index.ts';
import { KNOWN_REGIONS } from '../../semantics/regions.ts';
import { quoted } from './wording.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The SDK reads AWS_REGION and not AWS_DEFAULT_REGION, which the AWS CLI reads. */
export function regionSaid(option: string | undefined, env: Env): string | undefined {
  return option ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined);
}

export function isKnownRegion(region: string): boolean {
  return KNOWN_REGIONS.includes(region);
}

/** A Region that does not look like one is refused; one that nobody knows may be new, or mistyped. */
export function regionMeant(region: string): string | undefined {
  return isKnownRegion(region) ? undefined : meant(region, KNOWN_REGIONS);
}

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
