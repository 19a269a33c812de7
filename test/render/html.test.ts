import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderHtml } from '../../lambda/render/html/html.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';
import { ALL, recovered } from './diagnoses.ts';

/** The tags of a page with the names of their attributes: what others wrote must not add to them. */
function skeleton(page: string): readonly string[] {
  return [...page.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<[^>]*>/g)].map(([tag]) =>
    tag.replace(/="[^"]*"/g, '').replace(/\s+/g, ' '),
  );
}

const NEEDS_OTHERS = [
  /<script/i,
  /<(link|iframe|object|embed|img|form|base)\b/i,
  /@import|@font-face/i,
  /url\((?!#)/i,
  /\s(src|srcset|style|on\w+)=/i,
  /javascript:/i,
];

const pages = [
  ...ALL.map(([name, diagnosis]) => [name, renderHtml(diagnosis)] as const),
  ...recordedIncidents()
    .filter((_, index) => index % 8 === 0)
    .map(({ name, snapshot }) => [name, renderHtml(diagnosisOf(snapshot))] as const),
];

describe.each(pages)('the page: %s', (_, page) => {
  test('needs nothing but itself', () => {
    // Names of others are in it as text, escaped.
    const tags = skeleton(page).join('\n');
    for (const need of NEEDS_OTHERS) expect(tags).not.toMatch(need);
    expect(page).not.toMatch(/url\((?!#)|@import|@font-face/);
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
  });

  test('prints no value that is not one', () => {
    expect(page.replace(/<style>[\s\S]*?<\/style>/, '')).not.toMatch(/undefined|\bnull\b|NaN|\[object|Infinity/);
  });

  test('closes what it opens', () => {
    const open: string[] = [];
    for (const tag of skeleton(page)) {
      const [, slash, name = ''] = /^<(\/?)([a-z0-9]+)/i.exec(tag) ?? [];
      if (name === '' || ['meta', 'br'].includes(name) || tag.endsWith('/>')) continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test('links to the web only', () => {
    const targets = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(targets.filter((href) => !/^https?:\/\/[^\s<>'`]+$/.test(href ?? ''))).toEqual([]);
  });

  test('has no id twice', () => {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const UNKIND = fc.constantFrom(
  '<script>alert(1)</script>',
  '"',
  "'",
  '`',
  '&',
  '<',
  '>',
  '\u202e',
  '\u200f',
  '&lt;',
  ' onload="x"',
  '-->',
  ']]>',
  '\u0000',
  '\u001b[31m',
  'é',
  '日本',
);
const name = fc
  .array(fc.oneof(UNKIND, fc.string({ minLength: 1, maxLength: 4 })), { minLength: 1, maxLength: 5 })
  .map((parts) => `n${parts.join('')}`);

test('no name adds a tag or an attribute', () => {
  const found = recordedIncidents().find((one) => one.name === 'security-group-closed');
  if (found === undefined) throw new Error('not recorded');
  const written = JSON.stringify(found.snapshot);
  const page = (given: string) => {
    // Wherever AWS lets somebody choose: a tag, a condition, a reason, who changed what.
    const quoted = JSON.stringify(given).slice(1, -1);
    const snapshot = JSON.parse(
      written
        .replaceAll('"web-1"', () => `"${quoted}"`)
        .replaceAll('Request timed out', () => quoted)
        .replaceAll('path is /maintenance*', () => `path is ${quoted}`)
        .replaceAll('"who":"bob"', () => `"who":"${quoted}"`)
        .replaceAll('"what":"revoked', () => `"what":"${quoted} revoked`),
    );
    return renderHtml(
      diagnose(
        { ...snapshot, question: { ...snapshot.question, subject: { ...snapshot.question.subject, name: given } } },
        CAUSES,
      ),
    );
  };
  const expected = skeleton(page('n'));
  fc.assert(
    fc.property(name, (given) => {
      const made = page(given);
      expect(skeleton(made)).toEqual(expected);
      expect(made).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u);
    }),
    { numRuns: 40 },
  );
});

test('a recovery is called one', () => expect(renderHtml(recovered)).toMatch(/class="badge good">Recovered</));

test('a curve that was not read is told, not drawn as zero', () => {
  const unseen = recordedIncidents().find((one) => one.name === 'metrics-unseen');
  if (unseen === undefined) throw new Error('not recorded');
  const page = renderHtml(diagnosisOf(unseen.snapshot));
  expect(page).toContain('no curve can be drawn');
  expect(page).not.toContain('class="bars"');
});

test('times stand in one zone, and say which', () => {
  const found = recordedIncidents().find((one) => one.name === 'security-group-closed');
  if (found === undefined) throw new Error('not recorded');
  const page = renderHtml(diagnosisOf(found.snapshot));
  expect(page).toMatch(/>Change 14:23<[\s\S]*>First errors 14:25<[\s\S]*Times in UTC\. Hatched: not known\./);
});

const pageOf = (incident: string): string => {
  const found = recordedIncidents().find(({ name }) => name === incident);
  if (found === undefined) throw new Error(`${incident} is not recorded`);
  return renderHtml(diagnose(found.snapshot, CAUSES));
};

test('the legend names what is in the picture, and nothing else', () => {
  // A mark beside a graver one on the same box is not drawn.
  const page = pageOf('rolling-update-of-two');
  expect(page).toContain('Where it broke, errors are over</li>');
  expect(page).not.toContain('Possibly broken</li>');
});

test.each(recordedIncidents())('the legend of $name has all that is drawn', ({ snapshot }) => {
  const page = renderHtml(diagnose(snapshot, CAUSES));
  const of = (pattern: RegExp, text = '') => [...new Set([...text.matchAll(pattern)].map(([, is]) => is))].sort();
  const [, drawn = ''] = /<svg class="wide"(.*?)<figcaption>/s.exec(page) ?? [];
  const [, legend = ''] = /<section class="path">.*?<figcaption>(.*?)<\/figcaption>/s.exec(page) ?? [];
  expect(of(/class="sign (\w+)"/g, legend)).toEqual(of(/class="sign (\w+)"/g, drawn));
});

test('account, Region and incident stand once in its header, and when AWS was read', () => {
  const [header = ''] = /<header>.*<\/header>/s.exec(pageOf('security-group-closed')) ?? [];
  expect(header.match(/123456789012/g)).toHaveLength(1);
  expect(header.match(/us-east-1/g)).toHaveLength(1);
  expect(header).toContain('<dt>Read at</dt>');
});
