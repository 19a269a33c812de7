import { expect, test } from 'vitest';
import { FORMS } from '../../../lambda/entry/cli/forms.ts';
import { regionMeant } from '../../../lambda/entry/cli/place.ts';
import { CATALOGUE } from '../../../lambda/incident/cause.ts';
import { nearestOf } from '../../../lambda/intake/index.ts';
import { recordedIncidents } from '../../support/incidents.ts';
import { typosOf } from '../../support/typos.ts';
import { outcomeOf } from './a-shell.ts';

const COMMANDS = ['diagnose', 'demo', 'explain', 'policy', 'completion'];
const OPTIONS = ['region', 'profile', 'at', 'since', 'as', 'save', 'publish', 'timeout'];
const CAUSES: readonly string[] = Object.values(CATALOGUE).flat();
const INCIDENTS = recordedIncidents().map(({ name }) => name);
/** As teams call them; some are a letter apart. */
const LOAD_BALANCERS = [
  'web',
  'web-prod',
  'web-prod-2',
  'api',
  'api-internal',
  'checkout',
  'k8s-shop-ingress-3f2a9c1b7d',
  'prod-eu',
];

test.each([
  ['commands', COMMANDS],
  ['options', OPTIONS.map((name) => `--${name}`)],
  ['forms', FORMS],
  ['causes', CAUSES],
  ['incidents', INCIDENTS],
  ['load balancers', LOAD_BALANCERS],
])('of typos of one letter in %s, nineteen in twenty are told what was meant', (_, names) => {
  const typos = names.flatMap((name) =>
    typosOf(name)
      .filter((typo) => !names.includes(typo))
      .map((typo) => ({ name, typo })),
  );
  // All of a few names; of many, every so many.
  const every = Math.ceil(typos.length / 2_000);
  const asked = typos.filter((_, place) => place % every === 0);
  const right = asked.filter(({ name, typo }) => nearestOf(typo, names).slice(0, 3).includes(name));
  expect(asked.length).toBeGreaterThan(100);
  expect(right.length / asked.length).toBeGreaterThanOrEqual(0.95);
});

/** A few of each, as they are told; all of them are measured above. */
const some = (name: string): readonly string[] => typosOf(name).filter((_, place) => place % 17 === 3);

test.each(OPTIONS.flatMap((name) => some(name).map((typo) => [typo, name])))(
  '--%s is told --%s',
  async (typo, name) => {
    if (OPTIONS.includes(typo)) return;
    for (const line of [`web --${typo} x`, `web --${typo}=x`]) {
      const { status, stderr } = await outcomeOf(line.split(' '));
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(new RegExp(`did you mean .*--${name}\\b`)),
      });
    }
  },
);

test.each(COMMANDS.flatMap((name) => some(name).map((typo) => [typo, name])))('%s x is told %s', async (typo, name) => {
  if (typo.startsWith('-')) return;
  expect(await outcomeOf([typo, 'x'])).toMatchObject({
    status: 2,
    stderr: `alb-triage: there is no command '${typo}': did you mean ${name}?\n`,
  });
});

test.each(FORMS.flatMap((name) => some(name).map((typo) => [typo, name])))('--as %s is told %s', async (typo, name) => {
  const { stderr } = await outcomeOf(['web', '--as', typo]);
  expect(stderr).toContain(`did you mean ${name}?`);
});

test.each(
  CAUSES.slice(0, 9).flatMap((name) =>
    some(name)
      .slice(0, 4)
      .map((typo) => [typo, name]),
  ),
)('explain %s is told %s', async (typo, name) => {
  if (typo.startsWith('-')) return;
  expect((await outcomeOf(['explain', typo])).stderr).toContain(`did you mean ${name}?`);
});

test.each([
  ['us-esat-1', 'did you mean us-east-1?'],
  ['eu-west-9', 'did you mean eu-west-1, eu-west-2 or eu-west-3?'],
  ['mars-north-1', undefined],
  ['us-east-1', undefined],
])('of the Region %s is said: %s', (region, says) => expect(regionMeant(region)).toBe(says));

test.each([
  ['dev', 'demo'],
  ['web', 'explain'],
  ['', 'demo'],
])('%j is not taken for %s', (written, name) => expect(nearestOf(written, [name])).toEqual([]));
