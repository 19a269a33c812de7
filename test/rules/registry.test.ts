import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOGUE, type Category } from '../../lambda/incident/cause.ts';
import { renderRulePage } from '../../lambda/render/rule-page.ts';
import { RULES } from '../../lambda/rules/index.ts';

const root = join(import.meta.dirname, '../..');
const categories = Object.keys(CATALOGUE) as Category[];
const catalogue: readonly string[] = Object.values(CATALOGUE).flat();

/** `category/id` for every file in a folder of a category. */
function filesIn(folder: string, ending: string): readonly string[] {
  return categories
    .filter((category) => existsSync(join(root, folder, category)))
    .flatMap((category) =>
      readdirSync(join(root, folder, category))
        .filter((file) => file.endsWith(ending))
        .map((file) => `${category}/${file.slice(0, -ending.length)}`),
    )
    .sort();
}

const registered = RULES.map(({ id, category }) => `${category}/${id}`);

test('each rule is a file in the folder of its category, and each such file is in the registry', () => {
  expect([...registered].sort()).toEqual(filesIn('lambda/rules', '.ts'));
});

test('each rule has a test of its own, and each test its rule', () => {
  expect(filesIn('test/rules', '.test.ts')).toEqual([...registered].sort());
});

test('the registry is in the order of the catalogue, with every rule in the category it has there', () => {
  const inCatalogue = categories.flatMap((category) => CATALOGUE[category].map((id) => `${category}/${id}`));
  expect(registered).toEqual(inCatalogue.filter((line) => registered.includes(line)));
});

test('the list of pages is that of the registry', async () => {
  const lines = categories.flatMap((category) => {
    const rules = RULES.filter((rule) => rule.category === category);
    return rules.length === 0
      ? []
      : ['', `## ${category}`, '', ...rules.map(({ id, title }) => `- [\`${id}\`](${id}.md): ${title}`)];
  });
  const list = [
    '# The causes',
    '',
    'Each page says what it means, what proves it, what looks like it and how to tell, what to do, and how to prevent it.',
    ...lines,
    '',
  ];
  await expect(list.join('\n')).toMatchFileSnapshot(join(root, 'docs/rules/README.md'));
});

test('no page is left of a rule that is gone', () => {
  const pages = readdirSync(join(root, 'docs/rules')).filter((file) => file.endsWith('.md') && file !== 'README.md');
  const known: readonly string[] = RULES.map(({ id }) => `${id}.md`);
  expect(pages.filter((page) => !known.includes(page))).toEqual([]);
});

describe.each(RULES.map((rule) => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
  test('its page is what its literal says', async () => {
    await expect(`${renderRulePage(rule)}`).toMatchFileSnapshot(join(root, `docs/rules/${id}.md`));
  });

  test('names only causes of the catalogue as its effects, and not itself', () => {
    expect(rule.causes.filter((cause) => !catalogue.includes(cause) || cause === id)).toEqual([]);
  });

  test('links to documentation of AWS', () => {
    expect(rule.docs.filter((url) => !url.startsWith('https://docs.aws.amazon.com/'))).toEqual([]);
  });

  test('is written for people: no line of its source is a note to oneself', () => {
    expect(readFileSync(join(root, `lambda/rules/${rule.category}/${id}.ts`), 'utf8')).not.toMatch(/TODO|FIXME|XXX/);
  });
});
