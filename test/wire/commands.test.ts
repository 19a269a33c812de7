import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Argv, ToldFix } from '../../lambda/incident/finding.ts';
import { shellQuote } from '../../lambda/render/shell.ts';
import { readAwsCommand } from '../support/aws-command.ts';
import { commandsOf } from '../support/commands.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';
import { type AwsCli, openAwsCli } from './aws-cli.ts';
import { type Moto, startMoto } from './moto.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

const diagnoses = recordedIncidents().map(({ snapshot }) => diagnosisOf(snapshot));

function distinct<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

const commands = distinct(diagnoses.flatMap(commandsOf), shellQuote).filter(([program]) => program === 'aws');

/** What is called, with which options: one of many that differ in ids alone. */
const kindOf = (argv: Argv): string => argv.filter((word, at) => at < 3 || /^--[a-z]/.test(word)).join(' ');

describe("AWS's command line itself", () => {
  let cli: AwsCli;
  beforeAll(() => {
    cli = openAwsCli();
  });
  afterAll(() => cli.close());

  test('takes each command of the recorded incidents', { timeout: 300_000 }, async () => {
    expect(commands.length).toBeGreaterThan(300);
    for (const argv of commands) {
      const { status, asked, said } = await cli.run(argv);
      expect({ status, said }, shellQuote(argv)).toEqual({ status: 0 });
      const read = readAwsCommand(argv);
      if (read !== null) expect(asked).toBe(read.operation);
    }
  });

  test('refuses what it does not know', async () => {
    for (const wrong of ['elbv2 mend --id x', 'ec2 start-instances', 'ec2 start-instances --ids i-1']) {
      const { status, asked } = await cli.run(['aws', ...wrong.split(' '), '--region', 'eu-central-1']);
      expect(status).toBeGreaterThan(0);
      expect(asked).toBeUndefined();
    }
  });
});

/** What the emulator does not know, or not with these options. */
const NOT_EMULATED = ['autoscaling cancel-instance-refresh', 'ec2 modify-instance-credit-specification'];

const fixes = diagnoses.flatMap(({ findings }) =>
  findings.flatMap((finding) => finding.fixes.filter(({ changes, run }) => changes && run?.[0] === 'aws')),
);
const changing = distinct(fixes, ({ run }) => kindOf(run ?? []))
  .map((fix) => ({ fix, named: kindOf(fix.run ?? []).replace('aws ', '') }))
  .filter(({ named }) => !named.startsWith('ssm ') && !NOT_EMULATED.some((one) => named.startsWith(one)));

describe('what changes something does so in an emulated account', () => {
  let moto: Moto;
  let cli: AwsCli;
  let sandbox: Sandbox;
  beforeAll(async () => {
    moto = await startMoto();
    cli = openAwsCli(moto.url);
    sandbox = await openSandbox(cli);
  });
  afterAll(async () => {
    cli?.close();
    await moto?.stop();
  });

  test.each(changing)('$named', async ({ fix }) => {
    for (const step of stepsOf(fix)) {
      const argv = await sandbox.inPlace(step);
      const { status, said } = await cli.run(argv);
      expect(status, `${shellQuote(argv)}\n${said}`).toBe(0);
    }
  });

  test('there are many', () => {
    expect(changing.length).toBeGreaterThan(20);
  });
});

/** Forth and back; what takes away what was there is put there first. */
function stepsOf({ run, undo }: ToldFix): readonly Argv[] {
  const steps = [run, undo].flatMap((argv) => (argv === null ? [] : [argv]));
  return /^(revoke|delete|remove|deregister)-/.test(run?.[2] ?? '') ? steps.reverse() : steps;
}
