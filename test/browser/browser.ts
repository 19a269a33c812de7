import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's name for it, others' names, or what CHROMIUM says. */
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function openBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined)
    throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM to its path');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface Sight {
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

/** A page that has been drawn, and every request that it made beyond itself. */
export interface Shown {
  readonly page: Page;
  readonly requests: readonly string[];
}

export async function show(browser: Browser, html: string, { width, theme }: Sight): Promise<Shown> {
  // The test itself has to look inside: what the policy forbids is asked of the page as it is, by `requests`.
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, bypassCSP: true });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent(html, { waitUntil: 'load' });
  return { page, requests };
}
