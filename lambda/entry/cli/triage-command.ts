import type { Diagnosis } from '../../incident/diagnosis.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import type { Beyond, Reference } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { DEFAULT_WINDOW_SECONDS } from '../../incident/window.ts';
import { regionOf } from '../../intake/index.ts';
import { toMessage } from '../../render/message.ts';
import { isFuture } from '../../semantics/time/future.ts';
import { type Output, tell, throwIfAny } from './output.ts';
import { endpointSaid, isKnownRegion, regionMeant, regionSaid } from './place.ts';
import { progressOn } from './progress.ts';
import { describeError, NothingFound, type Shell, WrongUsage } from './shell.ts';
import { redactedTriage, unsavedBecause } from './snapshot-file.ts';
import type { Triage } from './triage.ts';
import { beyondAsked } from './with-option.ts';

export interface TriageOptions extends Output {
  readonly region?: string;
  readonly profile?: string;
  readonly at?: Time;
  readonly since?: number;
  readonly save?: string;
  readonly redact?: true;
  readonly publish?: string;
  readonly timeout: number;
  readonly with?: Beyond;
}

/** Reads AWS, keeps what was read, judges, prints, publishes. What fails on the way does not stop the rest. */
export async function triageNow(about: Reference, options: TriageOptions, shell: Shell): Promise<number> {
  const { save, publish, redact } = options;
  if (publish && redact) {
    throw new WrongUsage('--redact cannot be used with --publish: its readers could not tell what it is about');
  }
  const read = await triageLive(about, options, shell);
  const { snapshot, diagnosis } = redact ? await redactedTriage(read, shell) : read;
  const unsaved = snapshot && save ? await unsavedBecause(snapshot, save) : undefined;
  const { status, failures } = await tell(diagnosis, options, shell);
  const unpublished = publish ? await unpublishedBecause(diagnosis, publish, options, shell) : undefined;
  throwIfAny([unsaved, ...failures, unpublished]);
  return status;
}

type ReadOptions = Pick<TriageOptions, 'region' | 'profile' | 'at' | 'since' | 'timeout' | 'with'>;

export async function triageLive(about: Reference, options: ReadOptions, shell: Shell): Promise<Triage> {
  const { region, profile, at = null, since, timeout } = options;
  const progress = progressOn(shell.stderr);
  progress.show('loading the AWS SDK …');
  try {
    const { openAws, triage, checkPlace, credentialsSaid } = await shell.aws();
    await checkPlace(profile, shell.env);
    progress.show('looking for the load balancer …');
    const own = regionOf(about);
    const said = own ?? regionSaid(region, shell.env);
    const aws = openAws({
      region: said,
      profile,
      budgetMs: timeout * 1000,
      onEvidence: ({ evidence, done, of }) => progress.show(`reading ${EVIDENCE[evidence].name} (${done} of ${of}) …`),
    });
    const unsaid = since === undefined ? { widens: true as const } : {};
    const windowSeconds = since ?? DEFAULT_WINDOW_SECONDS;
    const accountName = shell.env.TRIAGE_ACCOUNT_NAME?.trim();
    const named = accountName ? { accountName } : {};
    const beyond = beyondAsked(options.with, shell);
    const request = { about, at, windowSeconds, ...unsaid, ...named, ...beyond, trigger: { kind: 'cli', at } } as const;
    const told = await triage(request, aws);
    if (own !== null && region !== undefined && region !== own) {
      progress.erase();
      shell.stderr.write(`alb-triage: asked ${own}, where ${REGION_OF[about.by]} is, and not --region ${region}\n`);
    }
    if (told.snapshot === undefined) {
      refuseNothing(told, said, await credentialsSaid(told.reason, profile, shell.env), shell);
    }
    refuseFuture(options.at, told.diagnosis);
    return told;
  } finally {
    progress.erase();
  }
}

/** What names its Region itself. */
const REGION_OF: Readonly<Record<Reference['by'], string>> = {
  arn: 'the ARN',
  'target-group': 'the ARN',
  alarm: 'the alarm',
  dns: 'the DNS name',
  name: 'the load balancer',
};

/** No load balancer was found: in a Region that may be mistyped, or of an endpoint that is not AWS's. */
function refuseNothing(
  { diagnosis, reason }: Triage,
  region: string | undefined,
  credentials: string | undefined,
  { env }: Shell,
): void {
  if (diagnosis.kind !== 'failed') return;
  const endpoint = reason === 'unreachable' ? endpointSaid(env) : undefined;
  const meant = region === undefined ? undefined : regionMeant(region);
  const isNone = region !== undefined && reason === 'unreachable' && !isKnownRegion(region);
  const why = credentials ?? [diagnosis.error ?? 'nothing could be triaged', endpoint].filter(Boolean).join('; ');
  if (meant === undefined && !isNone) throw new NothingFound(why);
  throw new NothingFound(`no Region ${region} is known${meant === undefined ? '' : `: ${meant}`} (${why})`);
}

/** By AWS's clock, for the one of this machine may be wrong. */
function refuseFuture(at: Time | undefined, { collectedAt }: Diagnosis): void {
  if (at !== undefined && isFuture(at, collectedAt)) {
    throw new WrongUsage(`--at ${at} is in the future: it is ${collectedAt} by AWS's clock`);
  }
}

async function unpublishedBecause(
  diagnosis: Diagnosis,
  topicArn: string,
  { profile }: TriageOptions,
  shell: Shell,
): Promise<string | undefined> {
  const { publish: send } = await shell.aws();
  const { incidentKey, fingerprint, window } = diagnosis;
  try {
    const conversation = { incidentKey, fingerprint, at: window.to };
    await send(toMessage(diagnosis), topicArn, conversation, profile === undefined ? {} : { profile });
    return undefined;
  } catch (error) {
    return `could not publish: ${describeError(error)}`;
  }
}
