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
  const what = `no AWS profile ${quoted(profile)}${by} is configured`;
  if (some.length === 0) throw new NotTriaged(`${what}, nor any other: run \`aws configure\` to make one`);
  throw new NotTriaged(`${what}: ${meant(profile, profiles) ?? `there is ${listed(some, 'and')}`}`);
}

/** How the credentials of a profile are had; nothing where no profile is named, or something else is wrong. */
export async function credentialsSaid(
  reason: string | undefined,
  option: string | undefined,
  env: Env,
): Promise<string | undefined> {
  const profile = option ?? env.AWS_PROFILE;
  const expired = reason === 'expired-credentials';
  if (!profile || (!expired && reason !== 'no-credentials')) return undefined;
  const { configFile } = await loadSharedConfigFiles();
  const login = loginOf(profile, configFile);
  const what = expired
    ? `the AWS credentials of the profile ${quoted(profile)} have expired`
    : `no AWS credentials were found for the profile ${quoted(profile)}`;
  if (login !== undefined) return `${what}: run \`aws sso login --profile ${login}\``;
  return `${what}: ${expired ? 'renew them' : `run \`aws configure --profile ${profile}\``}`;
}

type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>> | undefined>>;

/** The profile to log in with: a role is assumed with another one. */
function loginOf(profile: string, profiles: Profiles): string | undefined {
  const passed = new Set<string>();
  for (let name: string | undefined = profile; name !== undefined && !passed.has(name); ) {
    passed.add(name);
    const settings: Profiles[string] = profiles[name];
    if (settings?.sso_session || settings?.sso_start_url) return name;
    name = settings?.source_profile;
  }
  return undefined;
}
