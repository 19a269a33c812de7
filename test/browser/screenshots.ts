import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderHtml } from '../../lambda/render/html/html.ts';
import { recordedIncidents } from '../support/incidents.ts';
import { openBrowser, show } from './browser.ts';

/** Takes the pictures of the README anew: the first screens of the page, in both themes. */
const IMAGES = join(import.meta.dirname, '../../docs/images');
const INCIDENT = 'security-group-closed';
const WIDTH = 1200;
const HEIGHT = 1150;

const incident = recordedIncidents().find(({ name }) => name === (process.argv[2] ?? INCIDENT));
if (incident === undefined) throw new Error(`no recorded incident is called ${process.argv[2] ?? INCIDENT}`);
const html = renderHtml(diagnose(incident.snapshot, CAUSES));
const browser = await openBrowser();
mkdirSync(IMAGES, { recursive: true });
for (const theme of ['light', 'dark'] as const) {
  const { page } = await show(browser, html, { width: WIDTH, theme });
  const clip = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
  await page.screenshot({ path: join(IMAGES, `report-${theme}.png`), fullPage: true, clip });
}
await browser.close();
