import { readdirSync, readFileSync } from 'node:fs';

export interface SavedSnapshot {
  readonly snapshot: unknown;
  readonly paths: readonly (readonly (string | number)[])[];
  /** Names, ids, descriptions: what is no time. */
  readonly texts: readonly string[];
}

const INCIDENTS = new URL('../incidents/', import.meta.url);
/** Of the recorded incidents, every so many. */
const EVERY = process.env.FUZZ === undefined ? 24 : 6;

export function someSnapshots(): readonly SavedSnapshot[] {
  const names = readdirSync(INCIDENTS)
    .filter((name) => !name.includes('.') && name !== 'by-cause')
    .sort();
  return names
    .filter((_, index) => index % EVERY === 0)
    .map((name) => {
      const snapshot: unknown = JSON.parse(readFileSync(new URL(`${name}/snapshot.json`, INCIDENTS), 'utf8'));
      const texts = [...new Set(textsIn(snapshot))].filter((text) => !KEEP.test(text));
      return { snapshot, texts, paths: pathsIn(snapshot) };
    });
}

/** Times, and the names of fields: of most of all texts nothing else would be left. */
const KEEP = /^\d{4}-\d\d-\d\dT|^[a-z]+([A-Z][a-z]*)*$|^\d+(\.\d+)*$/;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [...(/[:/ ]/.test(key) ? [key] : []), ...textsIn(each)]);
}

function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  // The minutes of a metric are thousands, and all alike.
  const fields = Array.isArray(value) && value.length > 30 ? Object.entries(value).slice(0, 2) : Object.entries(value);
  const below = fields.flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return [path, ...below];
}
