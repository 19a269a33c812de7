/** Reading CloudTrail's records: JSON within JSON, whose shape depends on the service and the call. */

export type Part = unknown;

/** What stands at the end of a path of names; `undefined` where the path breaks off. */
export function partAt(value: Part, ...names: readonly string[]): Part {
  return names.reduce<Part>((part, name) => (isObject(part) ? part[name] : undefined), value);
}

export function textAt(value: Part, ...names: readonly string[]): string | undefined {
  const part = partAt(value, ...names);
  if (typeof part === 'string') return part;
  return typeof part === 'number' || typeof part === 'boolean' ? String(part) : undefined;
}

export function numberAt(value: Part, ...names: readonly string[]): number | undefined {
  const text = textAt(value, ...names);
  const number = Number(text);
  return text === undefined || text === '' || Number.isNaN(number) ? undefined : number;
}

/** EC2 writes a list as `{"items": [...]}`, an empty one as `{}`, and sometimes one thing where others write a list. */
export function listAt(value: Part, ...names: readonly string[]): readonly Part[] {
  const part = partAt(value, ...names);
  if (Array.isArray(part)) return part;
  if (!isObject(part)) return part === undefined || part === null ? [] : [part];
  if (Array.isArray(part.items)) return part.items;
  return Object.keys(part).length === 0 ? [] : [part];
}

/** Every text in it, however deep, in the order it is written. */
export function textsIn(value: Part): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

export function parsed(json: string | undefined): Part {
  try {
    return JSON.parse(json ?? '');
  } catch {
    return undefined;
  }
}

function isObject(part: Part): part is Readonly<Record<string, Part>> {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
