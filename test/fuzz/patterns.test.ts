import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { withShortTexts } from '../../lambda/incident/short-text.ts';
import { MONOTONE, processorMs } from './runs.ts';

const HOUSE = new URL('../../lambda/', import.meta.url);

interface Pattern {
  readonly where: string;
  readonly pattern: RegExp;
}

/** Every regular expression that is written down in the program. */
function patterns(): readonly Pattern[] {
  const files = readdirSync(HOUSE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const found: Pattern[] = [];
    const source = ts.createSourceFile(file, readFileSync(new URL(file, HOUSE), 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
        const text = node.getText(source);
        const end = text.lastIndexOf('/');
        found.push({ where: `${file}: ${text}`, pattern: new RegExp(text.slice(1, end), text.slice(end + 1)) });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

/** What a pattern begins with, and the words in it: to begin it again and again is the worst that a text can do. */
function worstFor({ source }: RegExp): readonly string[] {
  const words = source.match(/[A-Za-z0-9]{2,}/g) ?? [];
  const [beginning = ''] = /^[A-Za-z0-9 :'"[(=-]+/.exec(source.replace(/^\^|\\b|\\(?=[^a-zA-Z])/g, '')) ?? [];
  return [beginning, `${beginning}(`, ...words.map((word) => `${word} `)]
    .filter((unit) => unit !== '')
    .map((unit) => beginning + unit.repeat(Math.ceil(250_000 / unit.length)));
}

const TEXT_AT_MOST = 10_000;
const SECOND = 1_000;

test('no pattern takes long for a quarter of a megabyte, as texts are cut before', () => {
  const all = patterns();
  expect(all.length).toBeGreaterThan(300);
  const slow = all.flatMap(({ where, pattern }) =>
    [...MONOTONE, ...worstFor(pattern)].flatMap((text) => {
      const began = processorMs();
      const short = withShortTexts(text);
      if (pattern.global) short.replace(pattern, '');
      else pattern.exec(short);
      const ms = processorMs() - began;
      return ms > SECOND ? [`${where}: ${Math.round(ms)} ms for ${text.slice(0, 20)}`] : [];
    }),
  );
  expect(slow).toEqual([]);
});

test('cutting halves no character, and keeps what is short as it is', () => {
  const cut = withShortTexts({ a: ['\u{1f4a9}'.repeat(TEXT_AT_MOST), 1, null], ['k'.repeat(20_000)]: 'short' });
  expect(Object.keys(cut)).toEqual(['a', 'k'.repeat(TEXT_AT_MOST)]);
  expect(cut.a[0]).toBe('\u{1f4a9}'.repeat(TEXT_AT_MOST / 2));
  expect(withShortTexts(`a${'\u{1f4a9}'.repeat(TEXT_AT_MOST)}`)).toHaveLength(TEXT_AT_MOST - 1);
  expect(withShortTexts(JSON.parse('{"__proto__": {"polluted": true}}'))).not.toHaveProperty('polluted');
});
