import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cause, defineCause, ruledOut } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { CATALOGUE } from '../../lambda/incident/cause.ts';
import { words } from '../../lambda/incident/text.ts';
import { causePageIn, partsOf } from '../../lambda/render/cause-page.ts';
import { withSectionsOf } from '../support/cause-page.ts';

const root = join(import.meta.dirname, '../..');
const fileOf = ({ category, id }: Cause): string => join(root, `lambda/causes/${category}/${id}/page.md`);
const pages = CAUSES.map((cause) => {
  const file = readFileSync(fileOf(cause), 'utf8');
  return { id: cause.id, cause, file, page: causePageIn(file) };
});

/** The sections of every page, in this order; tables of settings follow. */
const SECTIONS = [
  'What it means',
  'What proves it',
  'What it is judged by',
  'What looks similar',
  'What it causes',
  'What to do',
  'How to prevent it',
];

test('the pages are found by category, each in the folder that docs link to', () => {
  const list = readFileSync(join(root, 'docs/causes/README.md'), 'utf8');
  const linked = [...list.matchAll(/^\| \[([a-z-]+)\]\(([^)]+)\)/gm)].map(([, category, path = '']) => ({
    category,
    pages: readdirSync(join(root, 'docs/causes', path)).filter((name) =>
      existsSync(join(root, 'docs/causes', path, name, 'page.md')),
    ),
  }));
  const catalogue = Object.entries(CATALOGUE).map(([category, ids]) => ({ category, pages: [...ids].sort() }));
  expect(linked.map(({ category, pages }) => ({ category, pages: pages.sort() }))).toEqual(catalogue);
});

test('docs hold that list, and no page beside it', () => {
  expect(readdirSync(join(root, 'docs/causes'))).toEqual(['README.md']);
});

describe.each(pages)('$id', ({ cause, file, page }) => {
  test('its page says what the cause is judged by, and what it causes', async () => {
    await expect(withSectionsOf(cause, file), '`npm run accept` writes them').toMatchFileSnapshot(fileOf(cause));
  });

  test('has every section, in the order of all pages, and none without words', () => {
    const titles = page.sections.map(({ title }) => title);
    const expected = SECTIONS.filter((title) => title !== 'What it causes' || cause.causes.length > 0);
    expect(titles.slice(0, expected.length)).toEqual(expected);
    expect(page.title).not.toBe('');
    expect(page.sections.filter(({ title, text }) => title === '' || text === '')).toEqual([]);
  });

  test('what follows is tables, with what holds for all their rows', () => {
    const tables = page.sections.filter(({ title }) => !SECTIONS.includes(title));
    for (const table of tables) {
      const parts = partsOf(table);
      expect(parts.map(({ is }) => is)).toEqual(['prose', 'table']);
      for (const part of parts) {
        if (part.is !== 'table') continue;
        expect(part.columns.length).toBeGreaterThan(1);
        expect(part.rows.length).toBeGreaterThan(0);
        for (const row of part.rows) expect(row).toHaveLength(part.columns.length);
      }
    }
  });

  test('is of what a terminal can show: paragraphs, lists, tables', () => {
    const unknown = page.sections
      .flatMap(partsOf)
      .filter((part) => part.is === 'prose' && /^\s|^(#|>|```|[*+] |\d+[.)] |- |\|)/m.test(part.text));
    expect(unknown).toEqual([]);
  });

  test('links to documentation of AWS', () => {
    expect(page.docs).not.toEqual([]);
    expect(page.docs.filter((url) => !url.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
  });

  test('is written for people: no line of it is a note to oneself', () => {
    expect(file).not.toMatch(/TODO|FIXME|XXX/);
  });
});

test('a table that several pages show is the same on each', () => {
  const tables = pages.flatMap(({ id, page }) =>
    page.sections.filter(({ title }) => !SECTIONS.includes(title)).map(({ title, text }) => ({ id, title, text })),
  );
  const unlike = tables.filter(({ title, text }) => tables.find((one) => one.title === title)?.text !== text);
  expect(unlike.map(({ id, title }) => `${id}: ${title}`)).toEqual([]);
});

describe('what a page says of its cause', () => {
  const page = '---\ntitle: It\ndocs: []\n---\n\n## What proves it\n\nThis.\n\n## What looks similar\n\nThat.\n';
  const cause = defineCause({
    id: 'nothing-listening',
    needs: ['targetHealth', 'targetGroups'],
    uses: ['networkAcls'],
    causes: ['no-running-tasks', 'health-check-code-mismatch'],
    examine: () => ruledOut(words('it listens')),
  });

  test('is what its literal says, however often it is written', () => {
    const written = withSectionsOf(cause, page);
    expect(written).toMatchInlineSnapshot(`
      "---
      title: It
      docs: []
      ---

      ## What proves it

      This.

      ## What it is judged by

      Needed: target health, target groups. While any of it cannot be seen, this cause is neither found nor ruled out.

      Corroborated or dated by: network ACLs. It is judged without them as well.

      ## What looks similar

      That.

      ## What it causes

      On the same targets, these are its symptoms:

      - [\`no-running-tasks\`](../no-running-tasks/page.md)
      - [\`health-check-code-mismatch\`](../../wrong-upstream/health-check-code-mismatch/page.md)
      "
    `);
    expect(withSectionsOf(cause, written)).toBe(written);
  });

  test('what a cause does not have gets no heading', () => {
    const written = withSectionsOf({ ...cause, uses: [], causes: [] }, withSectionsOf(cause, page));
    expect(written).not.toMatch(/Corroborated|What it causes|undefined/);
  });
});
