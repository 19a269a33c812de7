import {
  DescribeApplicationStatusChecksCommand,
  DescribeApplicationStatusCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from 'vitest';
import { applicationStatus } from '../../../lambda/collect/compute/application-status.ts';
import { denied, type Ill, status, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, read, throttling } from '../support.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => ec2.reset());

const checked = (id: string, application = 'impaired') =>
  status(id, { application: { status: application, impairedSince: null } });
const failing: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks'), unhealthy('i-2', 'Target.FailedHealthChecks')],
  instanceStatus: [checked('i-1'), status('i-2')],
};
const refused = (InstanceId: string) => ({
  InstanceId,
  ApplicationStatus: {
    Status: 'impaired' as const,
    Details: [
      {
        ApplicationStatusCheckId: 'asc-1',
        Status: 'failed' as const,
        StatusSince: new Date('2026-03-10T14:20:00Z'),
        Reason: { Code: 'ConnectionRefused', Protocol: 'HTTP' },
      },
    ],
  },
});

function answer(...instances: ReturnType<typeof refused>[]) {
  ec2.on(DescribeApplicationStatusCommand).resolves({ ApplicationStatuses: { Instances: instances } });
  ec2.on(DescribeApplicationStatusChecksCommand).resolves({
    ApplicationStatusChecks: [{ ApplicationStatusCheckId: 'asc-1', Port: 8080, Path: '/health' }],
  });
}

test('why a check failed, since when, and on which port it asks', async () => {
  answer(refused('i-1'));
  expect(await read(applicationStatus, failing)).toMatchObject({
    value: [
      {
        ...{ instanceId: 'i-1', status: 'impaired' },
        checks: [
          {
            ...{ id: 'asc-1', status: 'failed', since: '2026-03-10T14:20:00Z', reason: 'ConnectionRefused' },
            ...{ statusCode: null, port: 8080, path: '/health' },
          },
        ],
      },
    ],
    gaps: [],
  });
  expect(ec2.commandCalls(DescribeApplicationStatusCommand)[0]?.args[0].input.InstanceIds).toEqual(['i-1']);
});

test.each<[string, Ill]>([
  ['no target fails', { instanceStatus: [checked('i-1'), checked('i-2')] }],
  ['EC2 checks no application', { ...failing, instanceStatus: [status('i-1'), checked('i-2', 'not-applicable')] }],
])('asks nothing where %s', async (_, ill) => {
  expect(await read(applicationStatus, ill)).toMatchObject({ seen: true, value: [], gaps: [] });
  expect(ec2.calls()).toHaveLength(0);
});

test('a second page is read', async () => {
  answer(refused('i-1'));
  const second = { ApplicationStatuses: { Instances: [refused('i-2')] } };
  ec2
    .on(DescribeApplicationStatusCommand)
    .resolves({ ApplicationStatuses: { Instances: [refused('i-1')] }, NextToken: 'more' })
    .on(DescribeApplicationStatusCommand, { NextToken: 'more' })
    .resolves(second);
  const both = { ...failing, instanceStatus: [checked('i-1'), checked('i-2')] };
  expect(await read(applicationStatus, both)).toMatchObject({ value: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] });
});

test('an instance that does not come back is a gap', async () => {
  answer();
  expect(await read(applicationStatus, failing)).toMatchObject({ value: [], gaps: [{ why: 'partial', ids: ['i-1'] }] });
});

test('without the definition of the check, its port is not known', async () => {
  answer(refused('i-1'));
  ec2.on(DescribeApplicationStatusChecksCommand).rejects(accessDenied);
  expect(await read(applicationStatus, failing)).toMatchObject({
    value: [{ checks: [{ reason: 'ConnectionRefused', port: null }] }],
    gaps: [{ why: 'denied', action: 'ec2:DescribeApplicationStatusChecks', ids: ['asc-1'] }],
  });
});

test.each([
  ['denied', accessDenied],
  ['throttled', throttling],
])('%s is unseen, not "no check fails"', async (why, error) => {
  ec2.onAnyCommand().rejects(error);
  await expect(read(applicationStatus, failing)).rejects.toMatchObject({
    why,
    action: 'ec2:DescribeApplicationStatus',
  });
});

test('without the status of the instances there is nothing to ask about', async () => {
  expect(await read(applicationStatus, { ...failing, instanceStatus: denied() })).toMatchObject({ seen: false });
});
