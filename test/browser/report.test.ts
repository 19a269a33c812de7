import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { renderHtml } from '../../lambda/render/html/html.ts';
import { failed, hostile } from '../render/diagnoses.ts';
import { recordedIncidents } from '../support/incidents.ts';
import { manyGroups } from '../support/many-groups.ts';
import { openBrowser, type Sight, show } from './browser.ts';

const RECORDED = [
  'security-group-closed',
  'slow-targets',
  'group-of-targets-not-to-be-read',
  'metrics-unseen',
  'healthy',
  'security-group-restored',
  'fleet-of-300',
  'two-faults',
  'maintenance-page-before-a-closed-port',
  'two-hours-ago-in-a-window-of-three',
];

const recorded = recordedIncidents().filter(({ name }) => RECORDED.includes(name));
const diagnoses: readonly (readonly [string, Diagnosis])[] = [
  ...recorded.map(({ name, snapshot }) => [name, diagnose(snapshot, CAUSES)] as const),
  ['20 groups', diagnose(manyGroups(), CAUSES)],
  ...recorded
    .filter(({ name }) => name === 'security-group-restored')
    .map(({ snapshot }) => ['recovered', diagnose(snapshot, CAUSES)] as const),
  ['hostile names', hostile],
  ['failed', failed],
];

const SIGHTS: readonly Sight[] = [400, 1200].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, theme })),
);

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('all that are to be seen were recorded', () =>
  expect(recorded.map(({ name }) => name).sort()).toEqual([...RECORDED].sort()));

describe.each(diagnoses)('the page of %s', (_, diagnosis) => {
  test.each(SIGHTS)('is whole and clear in $width pixels, $theme', async (sight) => {
    const { page, requests } = await show(browser, renderHtml(diagnosis), sight);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(sight.width);
    expect(requests).toEqual([]);
    await page.context().close();
  });
});

test.each([
  [400, 'narrow', 'wide'],
  [1200, 'wide', 'narrow'],
])('in %d pixels the path is drawn %s', async (width, shown, hidden) => {
  const { page } = await show(browser, renderHtml(diagnoses[0]?.[1] ?? failed), { width, theme: 'light' });
  expect(await page.locator(`svg.${shown}`).isVisible()).toBe(true);
  expect(await page.locator(`svg.${hidden}`).isVisible()).toBe(false);
  await page.context().close();
});

test('a click takes a whole command, as it stands', async () => {
  const [, diagnosis = failed] = diagnoses.find(([name]) => name === 'security-group-closed') ?? [];
  const { page } = await show(browser, renderHtml(diagnosis), { width: 400, theme: 'light' });
  const command = page.locator('.remedy pre.command').first();
  await command.click();
  expect(await page.evaluate('getSelection().toString().trim()')).toBe((await command.textContent())?.trim());
  expect(await command.textContent()).toMatch(/^aws ec2 authorize-security-group-ingress --group-id \S+ /);
  await page.context().close();
});

test.each([400, 1200])('in %d pixels a command is whole, and no word of it is cut that fits a line', async (width) => {
  const [, diagnosis = failed] = diagnoses.find(([name]) => name === 'security-group-closed') ?? [];
  const { page } = await show(browser, renderHtml(diagnosis), { width, theme: 'light' });
  const cut = await page.evaluate(
    "[...document.querySelectorAll('pre.command')].filter((one) => one.scrollWidth > one.clientWidth).length",
  );
  expect(cut).toBe(0);
  const broken = await page.evaluate(
    "[...document.querySelectorAll('.remedy pre.command span')].filter((one) => one.getClientRects().length > 1 || one.offsetHeight > 30).map((one) => one.textContent)",
  );
  expect(broken).toEqual([]);
  await page.context().close();
});

test('among several changes, the label of one covers none of the others', async () => {
  const { snapshot } = recordedIncidents().find(({ name }) => name === 'rolling-update-of-two') ?? {};
  if (snapshot === undefined) throw new Error('not recorded');
  for (const sight of SIGHTS) {
    const { page } = await show(browser, renderHtml(diagnose(snapshot, CAUSES)), sight);
    const covered = await page.evaluate(`(() => {
      const boxes = (selector) => [...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
      const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      const labels = boxes('.chart text.moment');
      return [boxes('.chart .flag path').length, labels.filter((label) => boxes('.chart path.flag, .chart circle.flag').some((flag) => meet(label, flag))).length];
    })()`);
    expect(covered).toEqual([5, 0]);
    await page.context().close();
  }
});

test('nothing in it runs, whatever it is called', async () => {
  const { page } = await show(browser, renderHtml(hostile), { width: 1200, theme: 'light' });
  expect(await page.evaluate('document.scripts.length')).toBe(0);
  expect(await page.evaluate("document.querySelector('meta[http-equiv]').content")).toMatch(/^default-src 'none';/);
  await page.context().close();
});
