import { setTimeout } from 'node:timers/promises';
import type { ConsoleOutput, Target } from '../../incident/evidence.ts';
import { type Gap, ifSeen, type Observed, seen, unseen } from '../../incident/observed.ts';
import { consoleLinesRead } from '../../semantics/targets/console-lines.ts';
import type { Aws } from '../aws.ts';
import { oneByOne } from '../batches.ts';
import { askAhead, defineCollector, gapLike, unseenLike, withGaps } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { failedInstances } from '../metrics/instance-metrics.ts';
import { getConsoleOutput } from '../services/ec2.ts';
import { isInstance } from '../target-sample.ts';
import { utcTime } from '../time.ts';

const { action } = getConsoleOutput;
const INSTANCES = 3;
const LINES = 400;
/** It takes seconds, and tells something once in a while: nobody waits for it longer. */
const DEADLINE_MS = 4_000;

/** One that serves again started anew: only its status checks tell, and nobody waits for these to read the others. */
export const consoleOutput = defineCollector({
  key: 'consoleOutput',
  after: ['targetHealth', 'instanceMetrics'],
  actions: [action],
  resources: { [action]: 'arn:*:ec2:*:*:instance/*' },
  ahead: [
    askAhead(['targetHealth'], (_question, { targetHealth }, aws) => {
      // What fails is told by who waits for it.
      outputs(failingAmong(ifSeen(targetHealth) ?? []).slice(0, INSTANCES), aws).catch(() => {});
    }),
  ],
  async collect(_question, { targetHealth, instanceMetrics }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const restarted = instanceMetrics.seen ? failedInstances(instanceMetrics.value) : [];
    const ids = [...new Set([...failingAmong(targetHealth.value), ...restarted])];
    const late = unseen('timed-out', `${action} was not answered within ${DEADLINE_MS / 1000} s`, action);
    const deadline = new AbortController();
    const read = await Promise.race([
      outputs(ids.slice(0, INSTANCES), aws),
      setTimeout(DEADLINE_MS, late, { signal: deadline.signal }),
    ]).finally(() => deadline.abort());
    const blind = instanceMetrics.seen ? [] : [gapLike(instanceMetrics, 'the status checks')];
    return withGaps(read, [...targetHealth.gaps, ...blind, ...beyond(ids.slice(INSTANCES))]);
  },
});

function failingAmong(targets: readonly Target[]): readonly string[] {
  const failing = targets.filter((target) => isInstance(target) && target.state === 'unhealthy');
  return [...new Set(failing.map(({ id }) => id))];
}

async function outputs(ids: readonly string[], aws: Aws): Promise<Observed<readonly ConsoleOutput[]>> {
  const { items, gaps } = await oneByOne(ids, async (id) => [
    await aws.once(`console of ${id}`, () => outputOf(id, aws)),
  ]);
  return seen(items, gaps);
}

/** `Latest` is of this moment, and of Nitro instances only; others keep what they wrote at their last start or stop. */
async function outputOf(InstanceId: string, aws: Aws): Promise<ConsoleOutput> {
  const answer = await aws.ask(getConsoleOutput, { InstanceId, Latest: true }).catch((error: unknown) => {
    if (error instanceof CallFailed && error.code === 'UnsupportedOperation') {
      return aws.ask(getConsoleOutput, { InstanceId });
    }
    throw error;
  });
  const lines = Buffer.from(answer.Output ?? '', 'base64')
    .toString('utf8')
    .split(/\r?\n/);
  const last = lines.filter(Boolean).slice(-LINES);
  return { instanceId: InstanceId, at: utcTime(answer.Timestamp), lines: consoleLinesRead(last) };
}

function beyond(ids: readonly string[]): readonly Gap[] {
  const detail = `the consoles of ${INSTANCES} failing instances are read, and no more`;
  return ids.length === 0 ? [] : [{ why: 'not-asked', detail, action, ids }];
}
