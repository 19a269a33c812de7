import { EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { beforeEach, expect, test } from 'vitest';
import { consoleOutput } from '../../../lambda/collect/compute/console-output.ts';
import { always, instanceMetrics, lately, target, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { anAws, read } from '../support.ts';

const ec2 = mockClient(EC2Client);
beforeEach(() => ec2.reset());

const failed = { StatusCheckFailed_Instance: lately(3, 1) };

test.each([
  ['a failing target', { targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] }, ['i-1']],
  ['one whose status check failed lately', { instanceMetrics: instanceMetrics({ 'i-2': failed }) }, ['i-2']],
  [
    'none that passed all along',
    { instanceMetrics: instanceMetrics({ 'i-2': { StatusCheckFailed_Instance: always(0) } }) },
    [],
  ],
  [
    'the failing one first',
    {
      targetHealth: [unhealthy('i-1', 'Target.Timeout')],
      instanceMetrics: instanceMetrics({ 'i-1': failed, 'i-2': failed }),
    },
    ['i-1', 'i-2'],
  ],
])('reads the console of %s', async (_, ill, expected) => {
  ec2.on(GetConsoleOutputCommand).resolves({ Output: Buffer.from('[ 1.0] up\n').toString('base64') });
  const observed = await read(consoleOutput, ill, anAws());
  expect(observed.seen && observed.value.map(({ instanceId }) => instanceId)).toEqual(expected);
});
