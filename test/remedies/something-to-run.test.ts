import { expect, test } from 'vitest';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { asString } from '../../lambda/render/json.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

const recorded = recordedIncidents().map(({ name, snapshot }) => ({ name, diagnosis: diagnosisOf(snapshot) }));

/** What is looked at before anything is done, and why nothing is known to do. */
const LOOKS_FIRST: Readonly<Partial<Record<CauseId, string>>> = {
  'crashing-backend': 'ECS and supervisors start again what ends: what ends it stands in its log alone',
  'deployment-failing':
    'that checks fail tells never why; a version to go back to, or more time, comes first where known',
  'deployment-replacing-targets': 'what was replaced is gone: whether it goes on, and who did it, decides',
  'instance-not-running': 'Auto Scaling has replaced it already',
  'lambda-target-failing':
    'the version that worked is looked up as the first of the steps, or the log tells what fails',
  'lambda-target-not-invokable': 'the version that worked is looked up as the first of the steps',
  'malformed-response': 'only the access log distinguishes it from other causes of 502',
  'no-registered-targets': 'what a role has changed is looked up as the first of the steps',
  'no-running-tasks': 'what a task needs to start is known where ECS says it, and is then told first',
  'nothing-listening': 'of then: what refuses now is to be started, which is told first',
  'route-missing': 'it is mended already',
  'slower-than-idle-timeout': 'where targets have nothing left to give, waiting longer mends nothing',
  'target-returns-5xx': 'only the log tells what it fails at; a version to go back to comes first where known',
  'target-security-group-closed': 'it is mended already',
  'targets-not-yet-healthy': 'what starts is waited for',
  'tls-handshake-failing': 'where a role sent the requests before is looked up as the first of the steps',
  'too-few-healthy-targets': 'why a zone was shifted away is looked up as the first of the steps',
  'unresponsive-backend': 'ECS replaces them already, and that has not helped',
  'wrong-target-port': 'a cluster registers them, and which service does is not known',
  'zone-not-enabled': 'which subnets a role has taken is looked up as the first of the steps',
};

const beginsWithLook = recorded.flatMap(({ name, diagnosis: { findings } }) =>
  findings
    // What makes none of the errors is not to be mended now.
    .filter(({ share, waiting, fixes: [first] }) => first?.changes === false && (share !== 0 || waiting))
    .map(({ cause, fixes }) => ({ name, cause, does: asString(fixes[0]?.does ?? []) })),
);

test('a look comes first only where nothing is known that mends it', () => {
  expect(beginsWithLook.filter(({ cause }) => !(cause in LOOKS_FIRST))).toEqual([]);
});

test('each that looks first still does so somewhere', () => {
  const causes = new Set<string>(beginsWithLook.map(({ cause }) => cause));
  expect(Object.keys(LOOKS_FIRST).filter((cause) => !causes.has(cause))).toEqual([]);
});

test('whoever called something is looked up last of all, but for what is to be put back', () => {
  const lookedUpTooEarly = recorded.flatMap(({ name, diagnosis: { findings } }) =>
    findings
      .filter(({ fixes }) => {
        const calls = fixes.map(({ run, step }) => run?.[1] === 'cloudtrail' && step === undefined);
        const first = calls.indexOf(true);
        return first >= 0 && fixes.slice(first).some(({ changes }) => changes);
      })
      .map(({ cause }) => `${name}: ${cause}`),
  );
  expect(lookedUpTooEarly).toEqual([]);
});

/** Errors go on, and nearly all requests fail, or all targets of the groups that the first finding is about. */
function isTotal({ verdict, episode, symptoms, findings: [first] }: Diagnosis): boolean {
  if (first === undefined || episode === null || episode.end !== null) return false;
  if (verdict.status !== 'identified' && verdict.status !== 'suspected') return false;
  const { targets, omitted, of } = first.affected;
  return (symptoms.errorShare ?? 0) >= 0.9 || (of > 0 && targets.length + omitted === of);
}

/** Where no command can be given, and what is said in its place. */
const IN_WORDS: Readonly<Partial<Record<CauseId, RegExp>>> = {
  'authentication-failing': /allow outbound TCP|a route to a NAT gateway/,
  'crashing-backend': /another restart adds nothing/,
  'cpu-saturated': /^add targets to/,
  'deployment-failing': /no task .+ could start|starts/,
  'fixed-response-5xx': /if the rule is not meant to answer now/,
  'health-check-code-mismatch': /fix what the health endpoint|make the application answer|to the path that answers/,
  'lambda-target-failing': /deploy the code|point .+ back at the version/,
  'lambda-target-not-invokable': /push the image/,
  'load-balancer-not-active': /create it again/,
  'load-balancer-saturated': /reserve capacity/,
  'no-registered-targets': /also launch other instance types/,
  'route-missing': /What was read does not show which/,
  'tls-handshake-failing': /the protocol of a group cannot be changed/,
  'tls-on-http-target-group': /forward to a new target group/,
  'unresponsive-backend': /A restart adds nothing: these targets are already being replaced/,
  'zone-not-enabled': /name its subnet along with/,
};

const total = recorded.filter(({ diagnosis }) => isTotal(diagnosis));

test.each(total)('in a total outage there is something to run, or it is said what else: $name', ({ diagnosis }) => {
  const [first] = diagnosis.findings;
  const commands = first?.fixes.filter(({ changes, run }) => changes && run !== null) ?? [];
  if (commands.length > 0) return;
  const said = first?.fixes.map(({ does }) => asString(does)).join('\n') ?? '';
  expect(said).toMatch(
    IN_WORDS[first?.cause ?? ('no-targets' as CauseId)] ?? /a command, or its cause in the list of those without/,
  );
});

test('there are total outages among the recorded incidents', () => {
  expect(total.length).toBeGreaterThan(20);
});
