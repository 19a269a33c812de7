import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { CATALOGUE, type Category } from '../../lambda/incident/cause.ts';

const root = join(import.meta.dirname, '../..');
const categories = Object.keys(CATALOGUE) as Category[];
const catalogue: readonly string[] = Object.values(CATALOGUE).flat();

const registered = CAUSES.map(({ id, category }) => `${category}/${id}`);

/** `category/id` for every folder of a category with that file of a cause in it. */
function foldersWith(file: string): readonly string[] {
  return categories
    .flatMap((category) => readdirSync(join(root, 'lambda/causes', category)).map((name) => `${category}/${name}`))
    .filter((path) => existsSync(join(root, 'lambda/causes', path, file)))
    .sort();
}

test.each(['cause.ts', 'page.md'])(
  'each cause is a folder in that of its category with a %s, and each such folder is in the registry',
  (file) => {
    expect([...registered].sort()).toEqual(foldersWith(file));
  },
);

test.each(registered)('%s has a test of its own', (path) => {
  expect(existsSync(join(root, `test/causes/${path}.test.ts`))).toBe(true);
});

test('each test is of a cause of its category, or of a part of one', () => {
  const orphans = categories.flatMap((category) => {
    const folders = readdirSync(join(root, 'lambda/causes', category));
    const parts = folders.flatMap((folder) => readdirSync(join(root, 'lambda/causes', category, folder)));
    const known = [...folders, ...parts.map((part) => part.replace(/[.]ts$/, ''))];
    const tests = readdirSync(join(root, 'test/causes', category)).map((file) => file.replace(/[.]test[.]ts$/, ''));
    return tests.filter((name) => !known.includes(name));
  });
  expect(orphans).toEqual([]);
});

test('the registry is in the order of the catalogue, with every cause in the category it has there', () => {
  expect(registered).toEqual(categories.flatMap((category) => CATALOGUE[category].map((id) => `${category}/${id}`)));
});

describe.each(CAUSES.map((cause) => ({ id: cause.id, cause })))('$id', ({ id, cause }) => {
  test('names only causes of the catalogue as its effects, and not itself', () => {
    expect(cause.causes.filter((one) => !catalogue.includes(one) || one === id)).toEqual([]);
  });

  test('is written for people: no line of its source is a note to oneself', () => {
    expect(readFileSync(join(root, `lambda/causes/${cause.category}/${id}/cause.ts`), 'utf8')).not.toMatch(
      /TODO|FIXME|XXX/,
    );
  });
});
