import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../../lambda/incident/cause.ts';
import { type Files, newCause, READS, Refusal } from './new-cause.ts';

const catalogue = `/** Public. */
export const CATALOGUE = {
  'load-balancer': ['fixed-response-5xx', 'waf-failing'],
  overload: [
    'cpu-saturated',
    'traffic-surge',
  ],
} as const;
`;
const registry = `import fixedResponse5xx from './load-balancer/fixed-response-5xx/cause.ts';
import wafFailing from './load-balancer/waf-failing/cause.ts';
import cpuSaturated from './overload/cpu-saturated/cause.ts';
import trafficSurge from './overload/traffic-surge/cause.ts';

const BY_ID: Readonly<Record<CauseId, Cause>> = {
  'fixed-response-5xx': fixedResponse5xx,
  'waf-failing': wafFailing,
  'cpu-saturated': cpuSaturated,
  'traffic-surge': trafficSurge,
};
`;
const repository: Files = {
  ...Object.fromEntries(READS.map((path) => [path, `${path}: {{category}}/{{id}} {{id}}\n`])),
  'lambda/incident/cause.ts': catalogue,
  'lambda/causes/index.ts': registry,
};

test('a cause is an id, a folder, a line of the registry and a test', () => {
  expect(newCause('load-balancer', 'full-moon-5xx', repository)).toMatchInlineSnapshot(`
    {
      "lambda/causes/index.ts": "import fixedResponse5xx from './load-balancer/fixed-response-5xx/cause.ts';
    import wafFailing from './load-balancer/waf-failing/cause.ts';
    import fullMoon5xx from './load-balancer/full-moon-5xx/cause.ts';
    import cpuSaturated from './overload/cpu-saturated/cause.ts';
    import trafficSurge from './overload/traffic-surge/cause.ts';

    const BY_ID: Readonly<Record<CauseId, Cause>> = {
      'fixed-response-5xx': fixedResponse5xx,
      'waf-failing': wafFailing,
      'full-moon-5xx': fullMoon5xx,
      'cpu-saturated': cpuSaturated,
      'traffic-surge': trafficSurge,
    };
    ",
      "lambda/causes/load-balancer/full-moon-5xx/cause.ts": "test/new-cause/templates/cause.ts.txt: load-balancer/full-moon-5xx full-moon-5xx
    ",
      "lambda/causes/load-balancer/full-moon-5xx/page.md": "test/new-cause/templates/page.md.txt: load-balancer/full-moon-5xx full-moon-5xx
    ",
      "lambda/incident/cause.ts": "/** Public. */
    export const CATALOGUE = {
      'load-balancer': ['fixed-response-5xx', 'waf-failing', 'full-moon-5xx'],
      overload: [
        'cpu-saturated',
        'traffic-surge',
      ],
    } as const;
    ",
      "test/causes/load-balancer/full-moon-5xx.test.ts": "test/new-cause/templates/cause.test.ts.txt: load-balancer/full-moon-5xx full-moon-5xx
    ",
    }
  `);
});

test('a list of ids that stands on many lines is met as well', () => {
  const made = newCause('overload', 'full-moon', repository);
  expect(made['lambda/incident/cause.ts']).toContain("'traffic-surge', 'full-moon'");
  expect(made['lambda/causes/index.ts']).toContain("  'traffic-surge': trafficSurge,\n  'full-moon': fullMoon,\n");
});

test('the files of this repository are as it knows them', () => {
  const root = join(import.meta.dirname, '../..');
  const files = Object.fromEntries(READS.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  for (const category of Object.keys(CATALOGUE)) {
    const made = newCause(category, 'nobody-takes-this', files);
    const lines = (path: string): number => (made[path]?.match(/nobody-takes-this/g) ?? []).length;
    expect(lines('lambda/incident/cause.ts')).toBe(1);
    expect(lines('lambda/causes/index.ts')).toBe(2);
    expect(Object.values(made).join('')).not.toContain('{{');
  }
});

test.each([
  ['no-such-room', 'full-moon', 'there is no category no-such-room: take load-balancer, overload'],
  ['overload', 'waf-failing', 'waf-failing is taken: ids are public and never reused'],
  ...['moon', 'Full-Moon', 'full_moon', 'full--moon', '-moon', 'moon-', '5xx', '', 'full moon'].map((id) => [
    'overload',
    id,
    `${id} is no id: at least two words of small letters and digits, with hyphens between them, such as full-moon`,
  ]),
])('in %s, "%s" is refused in one line', (category, id, why) => {
  expect(() => newCause(category, id, repository)).toThrow(new Refusal(why));
});
