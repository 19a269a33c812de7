import { expect, test } from 'vitest';
import { firstStartTroubleIn } from '../../../lambda/semantics/targets/first-start-lines.ts';

const failed = { step: null, unreached: null };

test.each([
  [
    'a module of cloud-init',
    '[   41.1] cloud-init[911]: 2026-03-10 14:05:41,1 - util.py[WARNING]: Failed to run module scripts-user',
    { ...failed, failed: '2026-03-10 14:05:41,1 - util.py[WARNING]: Failed to run module scripts-user' },
  ],
  [
    'a script of user data',
    'cloud-init[911]: Failed running /var/lib/cloud/instance/scripts/part-001 [127]',
    { ...failed, failed: 'Failed running /var/lib/cloud/instance/scripts/part-001 [127]' },
  ],
  [
    'a unit of cloud-init',
    '[FAILED] Failed to start Execute cloud user/final scripts. cloud-final',
    { ...failed, failed: '[FAILED] Failed to start Execute cloud user/final scripts. cloud-final' },
  ],
  [
    'user data that cannot be read',
    '2026-03-10 14:05:41 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata',
    {
      ...failed,
      failed: '2026-03-10 14:05:41 - __init__.py[WARNING]: Unhandled non-multipart (text/x-not-multipart) userdata',
    },
  ],
  [
    'a command that does not exist',
    '[   41.1] cloud-init[911]: /var/lib/cloud/instance/scripts/part-001: line 3: docker: command not found',
    {
      failed: null,
      step: '/var/lib/cloud/instance/scripts/part-001: line 3: docker: command not found',
      unreached: null,
    },
  ],
  [
    'a mirror that does not answer',
    '[   41.1] cloud-init[911]: Cannot find a valid baseurl for repo: amzn2-core/2/x86_64',
    { failed: null, step: null, unreached: 'Cannot find a valid baseurl for repo: amzn2-core/2/x86_64' },
  ],
])('tells of %s', (_, line, trouble) => {
  expect(firstStartTroubleIn(['[    0.0] Linux version 6.1', line])).toEqual(trouble);
});

test.each([
  ['a start that went well', '[  41.1] cloud-init[911]: Cloud-init v. 22.2.2 finished at Tue, 10 Mar 2026 14:05:41'],
  ['a service of the system', '[FAILED] Failed to start Load Kernel Modules.'],
  ['what the application writes', '[  901.1] app[77]: Could not connect to db.internal:5432, connection timed out'],
  ['the metadata service', "cloud-init[9]: Calling 'http://169.254.169.254/latest' failed: Connection timed out"],
  ['nothing', ''],
])('does not take for trouble of the first start: %s', (_, line) => {
  expect(firstStartTroubleIn([line])).toBeNull();
});

test('shortens what is long', () => {
  const line =
    firstStartTroubleIn([`cloud-init[9]: Failed to run module scripts-user ${'x'.repeat(400)}`])?.failed ?? '';
  expect(line).toHaveLength(160);
});
