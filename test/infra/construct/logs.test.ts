import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { settingsIn } from '../../../infra/app/settings.ts';
import type { LogSource } from '../../../infra/construct/logs.ts';
import { ACCOUNT, aBundle, deployed, KEY, statementsOf, WEB } from '../a-stack.ts';

const bundle = aBundle();

describe('logs', () => {
  test('are off unless said where they are', () => {
    const plain = deployed({ bundle });
    const actions = statementsOf(plain).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.startsWith('s3:'))).toEqual([]);
    plain.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_LOGS: Match.absent() } },
    });
  });

  test('are read where they are said to be, by that owner, with that key, and nowhere else', () => {
    const logs: readonly LogSource[] = [
      { bucket: 'web-logs', prefix: 'alb', accountId: '999999999999', key: { keyArn: KEY } },
      { logGroup: '/aws/vendedlogs/web' },
    ];
    const template = deployed({ bundle, logs });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_LOGS: 's3://web-logs/alb,/aws/vendedlogs/web' } },
    });
    const statements = statementsOf(template) as readonly object[];
    const ofOwner = { StringEquals: { 'aws:ResourceAccount': '999999999999' } };
    expect(statements).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Action: 's3:GetObject', Resource: 'arn:*:s3:::web-logs/alb/*', Condition: ofOwner }),
        expect.objectContaining({
          ...{ Action: 's3:ListBucket', Resource: 'arn:*:s3:::web-logs' },
          Condition: { StringLike: { 's3:prefix': 'alb/*' }, ...ofOwner },
        }),
        expect.objectContaining({ Action: 'kms:Decrypt', Resource: KEY }),
        expect.objectContaining({ Action: ['logs:GetQueryResults', 'logs:StartQuery'] }),
      ]),
    );
  });

  test.each([[[]], [true], [{ bucket: 'B' }], [[{ bucket: 'UPPER' }]], [[{}]]])('%j is refused at synth', (logs) => {
    expect(() => deployed({ bundle, logs: logs as never })).toThrow(
      'AlbTriage, logs: expected {bucket, prefix?} or {logGroup}',
    );
  });
});

describe('-c logs', () => {
  const said = (logs: unknown) => settingsIn((name) => ({ loadBalancer: WEB, logs })[name], ['logs']).logs;

  test('names buckets and log groups', () => {
    expect(said('s3://web-logs/alb, /aws/vendedlogs/web')).toEqual([
      { bucket: 'web-logs', prefix: 'alb' },
      { logGroup: '/aws/vendedlogs/web' },
    ]);
    expect(said(`s3://web-logs/alb/AWSLogs/${ACCOUNT}/`)).toEqual([{ bucket: 'web-logs', prefix: 'alb' }]);
    expect(said(undefined)).toBeUndefined();
  });

  test.each(['true', 's3://', 's3://B/x'])('%s says nothing of where they are', (logs) => {
    expect(() => said(logs)).toThrow(
      /^-c logs: expected s3:\/\/bucket\/prefix or the name of a log group \(aws elbv2 /,
    );
  });
});
