/** Texts by path from the root of the repository. */
export type Files = Readonly<Record<string, string>>;

const CATALOGUE = 'lambda/incident/cause.ts';
const REGISTRY = 'lambda/causes/index.ts';
const TEMPLATES = {
  cause: 'test/new-cause/templates/cause.ts.txt',
  page: 'test/new-cause/templates/page.md.txt',
  test: 'test/new-cause/templates/cause.test.ts.txt',
};

/** What `newCause` has to be given. */
export const READS: readonly string[] = [CATALOGUE, REGISTRY, ...Object.values(TEMPLATES)];

/** What was asked for cannot be made; one line for whoever asked. */
export class Refusal extends Error {}

/** What a cause consists of: the files to write, new or with a line more. Formatting them is left to Biome. */
export function newCause(category: string, id: string, files: Files): Files {
  const ids = checked(category, id, fileOf(files, CATALOGUE));
  const last = ids.at(-1) ?? '';
  const folder = `lambda/causes/${category}/${id}`;
  const made = (template: string): string =>
    fileOf(files, template).replaceAll('{{category}}', category).replaceAll('{{id}}', id);
  return {
    [CATALOGUE]: listed(category, id, fileOf(files, CATALOGUE)),
    [REGISTRY]: registered(id, last, fileOf(files, REGISTRY)),
    [`${folder}/cause.ts`]: made(TEMPLATES.cause),
    [`${folder}/page.md`]: made(TEMPLATES.page),
    [`test/causes/${category}/${id}.test.ts`]: made(TEMPLATES.test),
  };
}

/** The ids of the category so far. */
function checked(category: string, id: string, catalogue: string): readonly string[] {
  const ids = idsByCategory(catalogue);
  const own = ids.get(category);
  if (own === undefined) throw new Refusal(`there is no category ${category}: take ${[...ids.keys()].join(', ')}`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id)) {
    throw new Refusal(
      `${id} is no id: at least two words of small letters and digits, with hyphens between them, such as full-moon`,
    );
  }
  if ([...ids.values()].flat().includes(id)) throw new Refusal(`${id} is taken: ids are public and never reused`);
  return own;
}

const LIST = /^ {2}'?([a-z0-9-]+)'?: \[([^\]]*)\]/gm;

function idsByCategory(catalogue: string): ReadonlyMap<string, readonly string[]> {
  const [, literal = ''] = /export const CATALOGUE = \{\n([\s\S]*?)\n\} as const;/.exec(catalogue) ?? [];
  return new Map(
    [...literal.matchAll(LIST)].map(([, category = '', ids = '']) => [category, ids.match(/[a-z0-9-]+/g) ?? []]),
  );
}

function listed(category: string, id: string, catalogue: string): string {
  return catalogue.replaceAll(LIST, (list, of: string, ids: string) =>
    of === category ? list.replace(ids, `${ids.trimEnd().replace(/,$/, '')}, '${id}'`) : list,
  );
}

/** Its import and its line are those of the last one of its category, with the name changed. */
function registered(id: string, last: string, registry: string): string {
  const renamed = (line: string): string => line.replaceAll(constantOf(last), constantOf(id)).replaceAll(last, id);
  const places = registry
    .split('\n')
    .filter((line) => line.includes(`/${last}/cause.ts'`) || new RegExp(`^ +.*\\b${constantOf(last)},$`).test(line));
  if (places.length !== 2) throw new Error(`${REGISTRY} names ${last} otherwise than new-cause.ts knows`);
  return places.reduce((text, line) => text.replace(`${line}\n`, `${line}\n${renamed(line)}\n`), registry);
}

function constantOf(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function fileOf(files: Files, path: string): string {
  const text = files[path];
  if (text === undefined) throw new Error(`${path} was not read`);
  return text;
}
