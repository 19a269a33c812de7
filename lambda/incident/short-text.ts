/**
 * AWS writes no text as long as this where one is read, and a person none that is worth reading to its end. What is longer
 * was made to be: it is cut as it enters, before anything is looked for in it.
 */
const TEXT_AT_MOST = 10_000;
/** Nothing that is read stands deeper. */
const DEPTH_AT_MOST = 60;

/** At most so many units of a text, no character of two of them halved. */
export function beginningOf(text: string, atMost: number): string {
  if (text.length <= atMost) return text;
  return text.slice(0, atMost).replace(/[\ud800-\udbff]$/, '');
}

/** The same value with no text in it longer than that, keys among them; as it is where none was. */
export function withShortTexts<T>(value: T, atMost = TEXT_AT_MOST): T {
  return shortened(value, atMost, 0) as T;
}

function shortened(value: unknown, atMost: number, depth: number): unknown {
  if (typeof value === 'string') return beginningOf(value, atMost);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_AT_MOST) return null;
  if (Array.isArray(value)) return value.map((item) => shortened(item, atMost, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [beginningOf(key, atMost), shortened(item, atMost, depth + 1)]),
  );
}
