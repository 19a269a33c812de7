/** More than anyone reads; what stands behind is told as `…`. */
const SEGMENTS = 6;
const LONGEST_WORD = 40;

/**
 * What a path looks like, without what is of one request or of one person: numbers, dates, ids, hashes, tokens and whatever
 * is not written in plain letters are named by their kind. No query, no parameter.
 */
export function pathShape(path: string): string {
  let shape = '';
  // A loop over characters, for this is most of what reading a line takes.
  for (let [at, segments, from] = [0, 0, 0]; at <= path.length; at += 1) {
    const isEnd = at === path.length || ENDS.has(path.charCodeAt(at));
    if (!isEnd && path.charCodeAt(at) !== SLASH) continue;
    if (at > from) {
      segments += 1;
      if (segments > SEGMENTS) return `${shape}/…`;
      shape += `/${segmentShape(path.slice(from, at))}`;
    }
    if (isEnd) break;
    from = at + 1;
  }
  return shape === '' ? '/' : shape;
}

const SLASH = 47;
/** `?`, `#`, `;` */
const ENDS = new Set([63, 35, 59]);

const PLAIN = /^[A-Za-z_-]{1,30}$/;
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, '{uuid}'],
  [/^\d{4}-\d{2}-\d{2}(?:T[\d:.Z+-]*)?$/, '{date}'],
  [/[^\w.~-]/, '{text}'],
];

function segmentShape(segment: string): string {
  if (isNumber(segment)) return '{number}';
  if (segment.length > SHORT) return shapeOf(segment);
  const known = shapes.get(segment);
  if (known !== undefined) return known;
  const shape = shapeOf(segment);
  if (shapes.size < REMEMBERED) shapes.set(segment, shape);
  return shape;
}

/** Most segments come again and again. Of longer ones the whole file would be kept in memory. */
const SHORT = 12;
const REMEMBERED = 2_000;
const shapes = new Map<string, string>();

function isNumber(segment: string): boolean {
  for (let at = 0; at < segment.length; at += 1) {
    const code = segment.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function shapeOf(segment: string): string {
  if (PLAIN.test(segment)) return segment;
  if (segment.length > 200) return '{text}';
  const [, kind] = KINDS.find(([pattern]) => pattern.test(segment)) ?? [];
  return kind ?? segment.replace(/[A-Za-z0-9]+/g, wordShape);
}

function wordShape(word: string): string {
  if (word.length > LONGEST_WORD) return '{text}';
  if (/^[A-Za-z]+$/.test(word) || /^[A-Za-z]{1,3}\d$/.test(word)) return word;
  if (/^\d+$/.test(word)) return word.length === 1 ? word : '{number}';
  const digits = word.replace(/\D/g, '').length;
  const isHash = (/^[0-9a-f]{8,}$/i.test(word) || (word.length >= 12 && digits >= 3)) && digits > 0;
  return isHash ? '{hash}' : word.replace(/\d{2,}/g, '{number}');
}
