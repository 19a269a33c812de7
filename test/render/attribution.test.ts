import { expect, test } from 'vitest';
import type { Attributed } from '../../lambda/incident/finding.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { closed, identified, suspected } from './diagnoses.ts';

/** The line of the proof that says what the cause explains, on one line. */
function explained(attribution: readonly Attributed[] | undefined): string | undefined {
  const finding = { ...closed, ...(attribution === undefined ? {} : { attribution }) };
  const whole = renderTerminal({ ...identified, findings: [finding] }, { colour: false, verbose: true });
  return /^- Explains (.*)$/m.exec(whole.replace(/\n {2}/g, ' '))?.[1];
}

const by = "each group's own";

test.each<[string, readonly Attributed[] | undefined, string]>([
  ['no other group gets requests', undefined, '97 % of the errors seen; such a fault shows as 502, 503 or 504'],
  [
    'all are told apart by the same',
    [{ kinds: ['502', '504'], by }],
    `97 % of the errors seen; such a fault shows as 502, 503 or 504; how many of them come from this target group is known from ${by}`,
  ],
  [
    'AWS tells none of them apart',
    [{ kinds: ['504'], by: null }],
    'at most 97 % of the errors seen; such a fault shows as 502, 503 or 504; AWS does not show which target group they come from',
  ],
  [
    'AWS tells some of them apart',
    [
      { kinds: ['502', '504'], by },
      { kinds: ['503'], by: null },
    ],
    `at most 97 % of the errors seen; such a fault shows as 502, 503 or 504; how many of the 502 and 504 come from this target group is known from ${by}; AWS does not show which target group the 503 come from`,
  ],
  [
    'the own errors of targets are told apart',
    [
      { kinds: ['target5xx'], by },
      { kinds: ['503', 'target5xx'], by: null },
    ],
    `at most 97 % of the errors seen; such a fault shows as 502, 503 or 504; how many of the targets' own 5xx come from this target group is known from ${by}; AWS does not show which target group the 503 and the targets' own 5xx come from`,
  ],
])('where %s, the proof says so', (_, attribution, says) => {
  expect(explained(attribution)).toBe(says);
});

test('a doubt about a share that may be smaller says so at the top', () => {
  const unsure = { ...closed, share: 0.4, attribution: [{ kinds: ['504'], by: null }] as const };
  expect(renderEmail({ ...suspected, findings: [unsure] }).replace(/\n/g, ' ')).toContain(
    'The fault is proven, but it explains at most 40 % of the errors.',
  );
});
