import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aws } from '../../lambda/remedies/remedy.ts';
import { awsArgv } from '../../lambda/remedies/writers/aws-cli.ts';
import { optionName, readAwsCommand } from '../support/aws-command.ts';
import { commandsOf } from '../support/commands.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

const told = recordedIncidents().flatMap(({ name, snapshot }) =>
  commandsOf(diagnosisOf(snapshot)).map((argv) => ({ name, argv })),
);

/** What is wrong with a command, by the model of the API. */
function faultOf(argv: readonly string[]): string | null {
  try {
    readAwsCommand(argv);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('each command of the recorded incidents is one that AWS knows', () => {
  const wrong = told.flatMap(({ name, argv }) => {
    const fault = argv[0] === 'aws' ? faultOf(argv) : null;
    return fault === null ? [] : `${name}: ${argv.join(' ')}: ${fault}`;
  });
  expect(wrong).toEqual([]);
  expect(told.length).toBeGreaterThan(500);
});

/** As it stands in the code: `aws('ec2', 'start-instances'`. */
const CALL_SITE = /\baws\(\s*'([a-z0-9-]+)',\s*'([a-z -]+)'/g;

test('each operation that stands in the code is one that AWS knows', () => {
  const files = readdirSync('lambda', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const called = files.flatMap((file) =>
    [...readFileSync(join('lambda', file), 'utf8').matchAll(CALL_SITE)].map(([, service = '', operation = '']) => ({
      service,
      operation,
    })),
  );
  expect(called.length).toBeGreaterThan(60);
  const wrong = called.flatMap(({ service, operation }) => {
    const fault = faultOf(awsArgv(aws(service, operation), 'eu-central-1'));
    return fault === null || / needs --/.test(fault) ? [] : `${service} ${operation}: ${fault}`;
  });
  expect(wrong).toEqual([]);
});

/** As it stands in a sentence or on a page, without what only the reader knows. */
const MENTION = /(?:`|code\(')(aws [a-z0-9-]+ [a-z-]+[^`'\\$]*)[`'\\]/g;
/** Not of an API: what the command line itself does. */
const OWN_VERBS = ['aws sso login', 'aws cloudformation delete-stack --stack-name AlbTriage'];

test('each operation that a sentence or a page names is one that AWS knows', () => {
  const files = ['lambda', 'docs'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  const texts = [...files.filter((file) => /\.(ts|md)$/.test(file)), 'README.md'];
  const mentioned = texts.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(MENTION)].map(([, command = '']) => ({ file, command: command.trim() })),
  );
  expect(mentioned.length).toBeGreaterThan(10);
  const wrong = mentioned.flatMap(({ file, command }) => {
    const fault = OWN_VERBS.includes(command) ? null : faultOf(command.split(' '));
    return fault === null || / needs --| has 0 values$/.test(fault) ? [] : `${file}: ${command}: ${fault}`;
  });
  expect(wrong).toEqual([]);
});

describe('a wrong command is found out', () => {
  test.each([
    ['aws elbv2 mend --id x', 'aws elbv2 has no mend'],
    ['aws elbv2 describe-s-s-l-policies', 'aws elbv2 has no describe-s-s-l-policies'],
    ['aws dynamo scan', 'aws has no dynamo'],
    ['aws ec2 start-instances --instance-id i-1', 'no option --instance-id'],
    ['aws ec2 start-instances --instance-ids', '--instance-ids has 0 values'],
    ['aws ec2 start-instances --region us-east-1', 'needs --instance-ids'],
    ['aws ec2 start-instances --instance-ids i-1 --instance-ids i-2', 'stands twice'],
    ['aws ec2 start-instances i-1', 'belongs to no option'],
    ['aws ec2 start-instances --instance-ids i-1 --max-items 3', 'no option --max-items'],
    ['aws elbv2 modify-target-group --target-group-arn a b', '--target-group-arn has 2 values'],
    ['aws elbv2 modify-target-group --target-group-arn a --health-check-timeout-seconds ten', 'takes a number: ten'],
    ['aws elbv2 modify-target-group-attributes --target-group-arn a --attributes Name=b,Value=c', 'has no Name'],
    ['aws elbv2 register-targets --target-group-arn a --targets Port=80', '--targets needs Id'],
    ['aws elbv2 modify-rule --rule-arn a --actions Type=forward,ForwardConfig={Groups=[]}', 'has no Groups'],
    ['aws elbv2 modify-rule --rule-arn a --actions Type=forward,ForwardConfig={TargetGroups=[}', 'expected ]'],
    ['aws elbv2 wait load-balancer-mended --names a', 'no waiter load-balancer-mended'],
    ['aws ecs update-service --service a --force-new-deployment true', 'a flag takes no value'],
    ['aws cloudtrail lookup-events --start-time yesterday', 'takes a time'],
    ['aws ec2 authorize-security-group-ingress --group-id sg-1 --cidr 2001:db8::/32', '--cidr does not take'],
  ])('%s', (command, says) => {
    expect(faultOf(command.split(' '))).toContain(says);
  });

  test('a right one is read into what the API takes', () => {
    const command =
      'aws elbv2 modify-listener --listener-arn a --default-actions Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=b,Weight=1}]} --region us-east-1';
    expect(readAwsCommand(command.split(' '))).toEqual({
      service: 'elbv2',
      operation: 'ModifyListener',
      input: {
        ListenerArn: 'a',
        DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'b', Weight: 1 }] } }],
      },
    });
    const filters = 'aws ec2 describe-subnets --filters Name=vpc-id,Values=a Name=zone,Values=b,c --max-items 5';
    expect(readAwsCommand(filters.split(' '))?.input).toEqual({
      Filters: [
        { Name: 'vpc-id', Values: ['a'] },
        { Name: 'zone', Values: ['b', 'c'] },
      ],
    });
  });

  test.each([
    ['TargetGroupArn', '--target-group-arn'],
    ['IPAddressType', '--ip-address-type'],
    ['Ipv6CidrBlock', '--ipv6-cidr-block'],
    ['desiredCount', '--desired-count'],
  ])('an option is named as by the command line: %s', (name, option) => {
    expect(optionName(name)).toBe(option);
  });
});
