import { describe, expect, test } from 'vitest';
import { redact } from '../../../lambda/entry/cli/redact/redact.ts';
import { snapshotIn, snapshotText } from '../../../lambda/entry/cli/saved-snapshot.ts';
import { snapshotDiagnosis } from '../../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { chatCard } from '../../../lambda/render/chat.ts';
import { renderEmail } from '../../../lambda/render/email.ts';
import { renderHtml } from '../../../lambda/render/html/html.ts';
import { renderJson } from '../../../lambda/render/json.ts';
import { renderMarkdown } from '../../../lambda/render/markdown.ts';
import { renderTerminal } from '../../../lambda/render/terminal.ts';
import { renderTree } from '../../../lambda/render/tree/tree.ts';
import { aRuleTo, aSnapshot, lately, metrics, TG } from '../../support/a-snapshot.ts';

const [rule] = aRuleTo(TG);
if (rule === undefined) throw new Error('no rule');

const FAILED = '[   20.1] cloud-init[1234]: cc_scripts_user.py[WARNING]: Failed to run module scripts_user for user ';

/** As an older version saved it. */
const saved = aSnapshot({
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 40) }),
  listenerRules: [
    {
      ...{ ...rule, arn: `${rule.arn}/secret`, priority: 10 },
      actions: [{ type: 'fixed-response', statusCode: '503' }],
      conditions: ['header X-Origin-Verify is s3cr3t-Ab12', 'query string is token=s3cr3t-Cd34'],
    },
    rule,
  ],
  consoleOutput: [
    {
      instanceId: 'i-1',
      at: '2026-03-10T14:29:00Z',
      lines: ['ip-10-0-10-11 login: alice.smith', 'DB_PASSWORD=hunter2', `${FAILED}"bob"`],
    },
  ],
});

function forms(snapshot: Snapshot): readonly (readonly [form: string, text: string])[] {
  const diagnosis = snapshotDiagnosis(snapshot);
  const { topology } = diagnosis;
  return [
    ['snapshot', snapshotText(snapshot)],
    ['json', JSON.stringify(renderJson(diagnosis))],
    ['mail', renderEmail(diagnosis)],
    ['text', renderTerminal(diagnosis, { colour: false, verbose: true })],
    ['markdown', renderMarkdown(diagnosis, { verbose: true })],
    ['card', JSON.stringify(chatCard(diagnosis))],
    ['page', renderHtml(diagnosis)],
    ['tree', topology === undefined ? '' : renderTree(topology, { colour: false, width: 200 })],
  ];
}

const read = snapshotIn(JSON.stringify(saved), 'a snapshot');

describe.each(forms(read))('in the %s', (_, text) => {
  test('no secret stands', () => {
    expect(['s3cr3t', 'hunter2', 'alice'].filter((one) => text.includes(one))).toEqual([]);
  });
});

test.each(forms(read).filter(([form]) => form === 'tree' || form === 'page'))(
  'in the %s, what a rule asks for is told without it',
  (_, text) => {
    expect(text).toContain('header X-Origin-Verify is (a value)');
  },
);

test('--redact masks who stands in what is kept of a console', () => {
  const masked = snapshotText(redact(read).snapshot);
  expect(masked).toContain('Failed to run module scripts_user for user');
  expect(masked).not.toContain('bob');
  // Also of what was not left out yet.
  expect(snapshotText(redact(saved).snapshot)).not.toMatch(/alice|smith/);
});
