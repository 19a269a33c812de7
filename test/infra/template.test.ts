import { expect, test } from 'vitest';
import { templateFor } from '../../infra/template/template.ts';
import { zipOf } from '../../infra/template/zip.ts';
import { aBundle } from './a-stack.ts';

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string; readonly AllowedPattern?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const template = templateFor(aBundle()) as Template;
const ofType = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);

test('asks for a load balancer and the code, the rest may be left out', () => {
  const names = Object.entries(template.Parameters);
  const required = names.filter(([, { Default }]) => Default === undefined).map(([name]) => name);
  expect(required).toEqual(['LoadBalancerArn', 'CodeBucket', 'CodeKey']);
  const others = names.filter(([, { Default }]) => Default !== undefined);
  expect(others.map(([name]) => name)).toEqual(['Email', 'TopicArn', 'TopicKeyArn', 'AccountName', 'TimeZone']);
  for (const [, { Default = '', AllowedPattern = '' }] of others) expect(Default).toMatch(new RegExp(AllowedPattern));
});

test.each([
  ['Email', 'a@example.com', 'a@example.com,b@example.com'],
  ['TopicArn', 'arn:aws:sns:eu-central-1:123456789012:oncall', 'oncall'],
  ['TopicKeyArn', 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd', 'alias/aws/sns'],
  ['AccountName', 'prod eu', 'a name of more than forty characters, alas'],
  ['TimeZone', 'America/Port-au-Prince', 'Berlin time'],
])('%s: takes %s, and not %s', (name, right, wrong) => {
  const pattern = new RegExp(template.Parameters[name]?.AllowedPattern ?? 'none');
  expect(right).toMatch(pattern);
  expect(wrong).not.toMatch(pattern);
});

test('takes the code from the bucket, and knows nothing of assets and bootstrapping', () => {
  expect(ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.Code)).toEqual([
    { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } },
  ]);
  expect(JSON.stringify(template)).not.toMatch(/asset|bootstrap|cdk-hnb|CDKMetadata/i);
});

test('names what it makes after the stack, whatever that is called', () => {
  const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => JSON.stringify(Properties.AlarmName));
  expect(names).toHaveLength(6);
  for (const name of names) expect(name).toContain('{"Ref":"AWS::StackName"},"-');
  expect(JSON.stringify(template)).not.toContain('NAME-OF-THE-STACK');
});

test('makes topic and key only where no topic is given', () => {
  for (const type of ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::KMS::Key']) {
    expect(ofType(type).map(({ Condition }) => Condition)).toEqual(['TopicMade']);
  }
});

test('is short enough to be sent as it is', () => {
  expect(JSON.stringify(template, null, 2).length).toBeLessThan(51_200);
});

test('the archive has the same bytes, in whatever order the files are given', () => {
  const files = [
    { name: 'index.cjs', content: Buffer.from('exports.handler = 1;\n') },
    { name: 'a.cjs', content: Buffer.from('') },
  ];
  expect(zipOf(files)).toEqual(zipOf(files.toReversed()));
});
