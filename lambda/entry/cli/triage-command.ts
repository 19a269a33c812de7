import { writeFile } from 'node:fs/promises';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Reference } from '../../incident/question.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import type { Time } from '../../incident/text.ts';
import { regionOf } from '../../intake/index.ts';
import { toMessage } from '../../render/message.ts';
import { evidenceName } from '../../render/story/phrases.ts';
import type { Triage } from '../triage.ts';
import { type Form, inForm } from './forms.ts';
import { progressOn } from './progress.ts';
import { Failure, reasonOf, type Shell, WrongUsage } from './shell.ts';

export interface TriageOptions {
  readonly region?: string;
  readonly profile?: string;
  readonly at?: Time;
  readonly since: number;
  readonly as: Form;
  readonly save?: string;
  readonly publish?: string;
  readonly timeout: number;
}

/** Reads AWS, judges, prints; then keeps and publishes what was asked for. */
export async function triageNow(about: Reference, options: TriageOptions, shell: Shell): Promise<void> {
  const { snapshot, diagnosis } = await read(about, options, shell);
  if (diagnosis.kind === 'failed') throw new Failure(diagnosis.error ?? 'nothing could be read');
  refuseFuture(options.at, diagnosis);

  shell.stdout.write(inForm(options.as, diagnosis, shell));
  const failures = [
    options.save === undefined ? undefined : await save(snapshot, options.save),
    options.publish === undefined ? undefined : await publish(diagnosis, options.publish, options, shell),
  ].filter((failure) => failure !== undefined);
  if (failures.length > 0) throw new Failure(failures.join('; '));
}

async function read(about: Reference, options: TriageOptions, shell: Shell): Promise<Triage> {
  const { region, profile, at = null, since: windowSeconds, timeout } = options;
  const progress = progressOn(shell.stderr);
  progress.show('loading the AWS SDK …');
  try {
    const { openAws, triage } = await shell.aws();
    progress.show('looking for the load balancer …');
    const aws = openAws({
      region: regionOf(about) ?? region,
      profile,
      budgetMs: timeout * 1000,
      onEvidence: ({ evidence, done, of }) => progress.show(`reading ${evidenceName(evidence)} (${done} of ${of}) …`),
    });
    return await triage({ about, at, windowSeconds, trigger: { kind: 'cli', at } }, aws);
  } finally {
    progress.erase();
  }
}

/** By AWS's clock, for the one of this machine may be wrong. A few minutes are no more than a difference of clocks. */
function refuseFuture(at: Time | undefined, { collectedAt }: Diagnosis): void {
  if (at !== undefined && Date.parse(at) > Date.parse(collectedAt) + 5 * 60_000) {
    throw new WrongUsage(`--at ${at} is in the future: it is ${collectedAt} by AWS's clock`);
  }
}

async function save(snapshot: Snapshot | undefined, file: string): Promise<string | undefined> {
  try {
    await writeFile(file, `${JSON.stringify(snapshot, null, 2)}\n`);
    return undefined;
  } catch (error) {
    return `cannot save the snapshot to ${file}: ${reasonOf(error)}`;
  }
}

async function publish(
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
    return `could not publish: ${reasonOf(error)}`;
  }
}
