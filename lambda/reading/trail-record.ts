import { withShortTexts } from '../incident/short-text.ts';

/** Reading CloudTrail's records: JSON within JSON, whose shape depends on the service and the call. */

export type RecordPart = unknown;

/** What stands at the end of a path of names; `undefined` where the path breaks off. */
export function partAt(value: RecordPart, ...names: readonly string[]): RecordPart {
  return names.reduce<RecordPart>((part, name) => (isObject(part) ? part[name] : undefined), value);
}

export function textAt(value: RecordPart, ...names: readonly string[]): string | undefined {
  const part = partAt(value, ...names);
  if (typeof part === 'string') return part;
  return typeof part === 'number' || typeof part === 'boolean' ? String(part) : undefined;
}

export function numberAt(value: RecordPart, ...names: readonly string[]): number | undefined {
  const text = textAt(value, ...names);
  const number = Number(text);
  return text === undefined || text === '' || Number.isNaN(number) ? undefined : number;
}

/** EC2 writes a list as `{"items": [...]}`, an empty one as `{}`, and sometimes one thing where others write a list. */
export function listAt(value: RecordPart, ...names: readonly string[]): readonly RecordPart[] {
  const part = partAt(value, ...names);
  if (Array.isArray(part)) return part;
  if (!isObject(part)) return part === undefined || part === null ? [] : [part];
  if (Array.isArray(part.items)) return part.items;
  return Object.keys(part).length === 0 ? [] : [part];
}

/** Every text in it, however deep, in the order it is written. */
export function textsIn(value: RecordPart): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

export function recordIn(json: string | undefined): RecordPart {
  try {
    return withShortTexts(JSON.parse(json ?? ''));
  } catch {
    return undefined;
  }
}

function isObject(part: RecordPart): part is Readonly<Record<string, RecordPart>> {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}
