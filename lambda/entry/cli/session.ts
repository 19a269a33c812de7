import { loadSharedConfigFiles } from '@smithy/core/config';
import { listed, meant } from '../../intake/index.ts';
import { endpointVariables } from './place.ts';
import { NotTriaged } from './refusals.ts';
import { quoted } from './wording.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What AWS's tools take from the environment, as far as the SDK would say nothing a person can use. */
export async function checkPlace(profile: string | undefined, env: Env): Promise<void> {
  checkEndpoints(env);
  await checkProfile(profile, env);
}

function checkEndpoints(env: Env): void {
  const wrong = endpointVariables(env).find((name) => !isEndpoint(env[name] ?? ''));
  if (wrong !== undefined) {
    throw new NotTriaged(
      `${wrong} is not a URL: ${quoted(env[wrong] ?? '')}: set it to one such as https://host:port, or unset it`,
    );
  }
}

function isEndpoint(text: string): boolean {
  return /^https?:[/][/]/i.test(text) && URL.canParse(text);
}

async function checkProfile(option: string | undefined, env: Env): Promise<void> {
  const profile = option ?? env.AWS_PROFILE;
  if (!profile || profile === 'default') return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const known = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])];
  if (known.includes(profile)) return;
  const profiles = known.filter((name) => !/^(?:sso-session|services)[.]/.test(name));
  const by = option === undefined ? ', which AWS_PROFILE names,' : '';
  const some = profiles.slice(0, 8).concat(profiles.length > 8 ? ['others'] : []);
  const those = some.length > 0 ? `there is ${listed(some, 'and')}` : 'none is configured: run aws configure';
  const hint = meant(profile, profiles) ?? those;
  throw new NotTriaged(`no AWS profile ${quoted(profile)}${by} is configured: ${hint}`);
}
