/** A filter matches any of its values; several filters must all match. */
export function filtersOf(filters: Readonly<Record<string, readonly string[]>>): { Name: string; Values: string[] }[] {
  return Object.entries(filters).map(([Name, values]) => ({ Name, Values: [...values] }));
}
