/**
 * Names, tags and descriptions are other people's data. Control characters could move a terminal's cursor, and
 * invisible or direction-changing ones could make a text read as another: none of them is ever printed.
 */
export function printable(data: string): string {
  return data.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
}

/** A web address as one word, without what could end it early in a mail or in mark-up. */
export function address(url: string): string {
  return printable(url)
    .trim()
    .replace(/[\s<>"'`\\^{|}[\]]/g, encodeURIComponent)
    .replaceAll("'", '%27');
}

/** At most so many characters, with an ellipsis where something was left out. */
export function clip(data: string, atMost: number): string {
  const characters = [...data];
  if (characters.length <= atMost) return data;
  // Half a web address leads somewhere else: only its host is left.
  return `${characters.slice(0, atMost - 1).join('')}…`.replace(/\bhttps?:\/\/([^\s/?#…]*)\S*…$/, '$1/…');
}
