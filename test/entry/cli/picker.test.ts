import { expect, test } from 'vitest';
import { choiceRows } from '../../../lambda/entry/cli/picker.ts';

test('a row says where it is, how it is called, how it is, and what failed', () => {
  const web = { arn: 'a', name: 'web', region: 'us-east-1', state: 'active', errors: 1204 };
  const api = { arn: 'b', name: 'api-internal', region: 'eu-central-1', state: 'provisioning', errors: 0 };
  expect(choiceRows([web, api, { ...web, name: 'x\u001B[31m', errors: null }])).toEqual([
    'us-east-1     web           active        1204 5xx in 30 min',
    'eu-central-1  api-internal  provisioning  no 5xx in 30 min',
    'us-east-1     x[31m        active        5xx could not be read',
  ]);
});
