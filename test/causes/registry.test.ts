import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { CATALOGUE, type Category } from '../../lambda/incident/cause.ts';
import { renderCausePage } from '../../lambda/render/cause-page.ts';

const root = join(import.meta.dirname, '../..');
const categories = Object.keys(CATALOGUE) as Category[];
const catalogue: readonly string[] = Object.values(CATALOGUE).flat();

const registered = CAUSES.map(({ id, category }) => `${category}/${id}`);

/** `category/id` for every folder of a category with a cause in it. */
function causesIn(folder: string): readonly string[] {
  return categories
    .flatMap((category) => readdirSync(join(root, folder, category)).map((name) => `${category}/${name}`))
    .filter((path) => existsSync(join(root, folder, path, 'cause.ts')))
    .sort();
}

test('each cause is a folder in that of its category, and each such folder is in the registry', () => {
  expect([...registered].sort()).toEqual(causesIn('lambda/causes'));
});

test.each(registered)('%s has a test of its own', (path) => {
  expect(existsSync(join(root, `test/causes/${path}.test.ts`))).toBe(true);
});

test('the registry is in the order of the catalogue, with every cause in the category it has there', () => {
  const inCatalogue = categories.flatMap((category) => CATALOGUE[category].map((id) => `${category}/${id}`));
  expect(registered).toEqual(inCatalogue.filter((line) => registered.includes(line)));
});

test('the list of pages is that of the registry', async () => {
  const lines = categories.flatMap((category) => {
    const causes = CAUSES.filter((cause) => cause.category === category);
    return causes.length === 0
      ? []
      : ['', `## ${category}`, '', ...causes.map(({ id, title }) => `- [\`${id}\`](${id}.md): ${title}`)];
  });
  const list = [
    '# The causes',
    '',
    'Each page says what it means, what proves it, what looks like it and how to tell, what to do, and how to prevent it.',
    ...lines,
    '',
  ];
  await expect(list.join('\n')).toMatchFileSnapshot(join(root, 'docs/causes/README.md'));
});

test('no page is left of a cause that is gone', () => {
  const pages = readdirSync(join(root, 'docs/causes')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const known: readonly string[] = CAUSES.map(({ id }) => `${id}.md`);
  expect(pages.filter((page) => !known.includes(page))).toEqual([]);
});

describe.each(CAUSES.map((cause) => ({ id: cause.id, cause })))('$id', ({ id, cause }) => {
  test('its page is what its literal says', async () => {
    await expect(`${renderCausePage(cause)}`).toMatchFileSnapshot(join(root, `docs/causes/${id}.md`));
  });

  test('names only causes of the catalogue as its effects, and not itself', () => {
    expect(cause.causes.filter((one) => !catalogue.includes(one) || one === id)).toEqual([]);
  });

  test('links to documentation of AWS', () => {
    expect(cause.docs.filter((url) => !url.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
  });

  test('is written for people: no line of its source is a note to oneself', () => {
    expect(readFileSync(join(root, `lambda/causes/${cause.category}/${id}/cause.ts`), 'utf8')).not.toMatch(
      /TODO|FIXME|XXX/,
    );
  });
});
