/** A context value does not say what it must. The text names it, what it takes and what was found. */
export class InvalidContext extends Error {
  override readonly name = 'InvalidContext';

  constructor(name: string, expected: string, found: unknown) {
    super(`-c ${name}: expected ${expected}, found ${found === undefined ? 'nothing' : JSON.stringify(found)}`);
  }
}

/** No setting has that name. */
export class UnknownContext extends Error {
  override readonly name = 'UnknownContext';

  constructor(name: string, hint: string) {
    super(`-c ${name}: there is no such setting: ${hint}`);
  }
}

/** Reads `-c name=value`, which is always text, and the context of cdk.json, which is any JSON. */
export type Context = (name: string) => unknown;

/** A list: of JSON, or separated by commas. Not given is empty. */
export function listIn(context: Context, name: string, form: RegExp, expected: string): readonly string[] {
  const items = itemsOf(context(name));
  const wrong = items.find((item) => typeof item !== 'string' || !form.test(item));
  if (wrong !== undefined) throw new InvalidContext(name, expected, wrong);
  return [...new Set(items.map(String))];
}

export function textIn(context: Context, name: string, form: RegExp, expected: string): string | undefined {
  const [text, ...more] = listIn(context, name, form, expected);
  if (more.length > 0) throw new InvalidContext(name, `one value: ${expected}`, context(name));
  return text;
}

export function numberIn(
  context: Context,
  name: string,
  expected: string,
  fits: (value: number) => boolean,
): number | undefined {
  const value = context(name);
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !fits(number)) throw new InvalidContext(name, expected, value);
  return number;
}

export function wholeIn(context: Context, name: string, from: number, to: number): number | undefined {
  return numberIn(
    context,
    name,
    `a whole number from ${from} to ${to}`,
    (value) => Number.isInteger(value) && value >= from && value <= to,
  );
}

export function flagIn(context: Context, name: string, usual = false): boolean {
  const value = context(name);
  if (value === undefined || value === '') return usual;
  if (value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw new InvalidContext(name, 'true or false', value);
}

function itemsOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return [value];
  return (jsonListIn(value) ?? value.split(',').map((item) => item.trim())).filter((item) => item !== '');
}

function jsonListIn(text: string): readonly unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
