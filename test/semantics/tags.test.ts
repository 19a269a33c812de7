import { expect, test } from 'vitest';
import { renderEmail } from '../../lambda/render/email.ts';
import { isTagRead } from '../../lambda/semantics/tags.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

test.each([
  ['Name', true],
  ['Team', true],
  ['aws:cloudformation:stack-name', true],
  ['kubernetes.io/cluster/prod', true],
  ['service.eks.amazonaws.com/resource', true],
  ['name', false],
  ['password', false],
  ['cost-center', false],
  ['my:aws:stack', false],
  ['__proto__', false],
])('%s: %s', (key, isRead) => {
  expect(isTagRead(key)).toBe(isRead);
});

/** As a collector would have kept them. */
function withTagsRead(value: unknown, isTags = false): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withTagsRead(item));
  const fields = Object.entries(value);
  const areTags = isTags && fields.every(([, of]) => typeof of === 'string');
  const kept = areTags ? fields.filter(([key]) => isTagRead(key)) : fields;
  return Object.fromEntries(kept.map(([key, of]) => [key, withTagsRead(of, isTags || key === 'tags')]));
}

test('nothing that is told of any recorded incident comes from another tag', { timeout: 60_000 }, () => {
  let without = 0;
  for (const { snapshot } of recordedIncidents()) {
    const less = withTagsRead(snapshot) as typeof snapshot;
    if (JSON.stringify(less) === JSON.stringify(snapshot)) continue;
    without += 1;
    expect(renderEmail(diagnosisOf(less))).toBe(renderEmail(diagnosisOf(snapshot)));
  }
  expect(without).toBeGreaterThan(5);
});
