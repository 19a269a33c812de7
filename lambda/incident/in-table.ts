/** What a table says of a name that others wrote: `constructor` and its like are in every object, and in no table. */
export function inTable<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
