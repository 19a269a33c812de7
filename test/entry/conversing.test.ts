import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { snapshotIn } from '../../lambda/entry/cli/saved-snapshot.ts';
import { openConversing } from '../../lambda/entry/conversing.ts';
import { functionSettings } from '../../lambda/entry/function-settings.ts';
import { openLog } from '../../lambda/entry/log.ts';
import { sendLater } from '../../lambda/memory/queue.ts';
import { INCIDENTS } from '../support/incidents.ts';

vi.mock('../../lambda/memory/queue.ts');

const NAME = 'security-group-restored';
const snapshot = snapshotIn(readFileSync(join(INCIDENTS, NAME, 'snapshot.json'), 'utf8'), NAME);
const { question } = snapshot;
const trigger = { ...question.trigger, kind: 'alarm', state: 'ALARM' } as const;
const over = diagnose({ ...snapshot, question: { ...question, trigger } }, CAUSES);

const turnOf = () => {
  const settings = functionSettings({ TRIAGE_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/looks' });
  const log = openLog('r-1');
  vi.spyOn(log, 'error').mockImplementation(() => {});
  return openConversing({ windowSeconds: 1800, look: undefined, requestId: 'r-1' }, settings, log).takeTurn(over);
};

test('what is over before anybody looked is left to a second look', async () => {
  vi.mocked(sendLater).mockResolvedValue();
  expect((await turnOf()).quiet).toContain('over before anybody looked');
  expect(sendLater).toHaveBeenCalledTimes(1);
});

test('and told at once where the queue takes no second look', async () => {
  vi.mocked(sendLater).mockRejectedValue(new Error('no such queue'));
  const turn = await turnOf();
  expect(turn.quiet).toBeUndefined();
  expect(turn.diagnosis.kind).toBe('triage');
});
