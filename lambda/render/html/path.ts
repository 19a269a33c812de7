import type { Mark, Topology } from '../../incident/topology.ts';
import { plainText } from '../plain.ts';
import { clip } from '../printable.ts';
import type { Clock } from '../times.ts';
import { SIGN_OF } from '../tree/signs.ts';
import { renderTree } from '../tree/tree.ts';
import { asItStands, html, type Markup, NOTHING } from './markup.ts';
import { type PathNode, pathOf, rowsOf } from './path-nodes.ts';

/** The way of a request, once for wide windows and once for narrow ones: columns from left to right, or a tree. */
export function pathInHtml(topology: Topology, clock: Clock): Markup {
  const root = pathOf(topology);
  const marks = topology.marks.map(({ is, says }) => `${LEGEND[is]}: ${plainText(says, clock)}.`);
  const says = marks.length === 0 ? 'No part of it is known to be broken.' : marks.join(' ');
  const drawn = new Set(drawnMarks(root));
  const kinds = topology.marks
    .map(({ is }) => is)
    .filter((is, index, all) => drawn.has(is) && all.indexOf(is) === index);
  return html`<section class="path"><h2>Path of a request</h2><figure>${picture(inColumns(root), 'wide', says)}${picture(asTree(root), 'narrow', says)}${legend(kinds)}</figure><details><summary>The same as text</summary><pre class="tree" role="group" aria-label="Path of a request" tabindex="0">${asItStands(renderTree(topology, { colour: false, width: 100 }))}</pre></details></section>`;
}

const LEGEND: Readonly<Record<Mark['is'], string>> = {
  broken: 'Broken',
  over: 'Where it broke, errors are over',
  possible: 'Possibly broken',
  idle: 'Wrong, but not known to cause these errors',
};

/** Not each mark is seen: of several on one box the gravest is drawn, and what is left out shows none. */
function drawnMarks({ box, way, next }: PathNode): readonly Mark['is'][] {
  return [...[way, box].filter((is) => is !== undefined), ...next.flatMap(drawnMarks)];
}

function legend(kinds: readonly Mark['is'][]): Markup {
  if (kinds.length === 0) return NOTHING;
  const entries = kinds.map(
    (is) =>
      html`<li><svg class="sign-alone" width="18" height="18" aria-hidden="true">${signAt(9, 9, is)}</svg>${LEGEND[is]}</li>`,
  );
  return html`<figcaption><ul class="legend">${entries}</ul></figcaption>`;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly Markup[];
}

function picture({ width, height, parts }: Picture, name: 'wide' | 'narrow', says: string): Markup {
  return html`<svg class="${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="path-${name} path-${name}-says"><title id="path-${name}">The path of a request from the clients to the targets</title><desc id="path-${name}-says">${says}</desc>${parts}</svg>`;
}

const BOX = 46;

interface Placed {
  readonly node: PathNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const COLUMNS = [84, 132, 168, 160, 232] as const;
const BETWEEN_COLUMNS = 38;
const BETWEEN_ROWS = 12;
const EDGE = 2;

/** Each box in the middle of what comes after it. */
function inColumns(root: PathNode): Picture {
  const parts: Markup[] = [];
  const xOf = (depth: number) =>
    EDGE + COLUMNS.slice(0, depth).reduce((sum, width) => sum + width + BETWEEN_COLUMNS, 0);
  const place = (node: PathNode, depth: number, row: number): Placed => {
    let below = row;
    const next = node.next.map((each) => {
      const placed = place(each, depth + 1, below);
      below += rowsOf(each);
      return placed;
    });
    const [first, last] = [next[0], next.at(-1)];
    const y = first && last ? (first.y + last.y) / 2 : EDGE + row * (BOX + BETWEEN_ROWS);
    const placed = { node, x: xOf(depth), y, width: COLUMNS[Math.min(depth, COLUMNS.length - 1)] ?? 0 };
    parts.push(...next.map((each) => edge(placed, each)), boxOf(placed));
    return placed;
  };
  place(root, 0, 0);
  return {
    width: xOf(COLUMNS.length) - BETWEEN_COLUMNS + EDGE,
    height: rowsOf(root) * (BOX + BETWEEN_ROWS) - BETWEEN_ROWS + 2 * EDGE,
    parts: inFront(parts),
  };
}

function edge(from: Placed, to: Placed): Markup {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + BOX / 2, to.x, to.y + BOX / 2];
  const middle = (x1 + x2) / 2;
  const { way } = to.node;
  return html`<path class="way ${way ?? ''}" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>${way === undefined ? NOTHING : signAt(middle, (y1 + y2) / 2, way)}`;
}

const NARROW = 360;
const INDENT = 20;
const BETWEEN_LINES = 10;

/** One box below the other, each on the stem of the one that leads to it. */
function asTree(root: PathNode): Picture {
  const parts: Markup[] = [];
  let line = 0;
  const place = (node: PathNode, depth: number): Placed => {
    const x = EDGE + depth * INDENT;
    const placed = { node, x, y: EDGE + line * (BOX + BETWEEN_LINES), width: NARROW - EDGE - x };
    line += 1;
    parts.push(boxOf(placed));
    for (const each of node.next) parts.push(stem(placed, place(each, depth + 1)));
    return placed;
  };
  place(root, 0);
  return { width: NARROW, height: line * (BOX + BETWEEN_LINES) - BETWEEN_LINES + 2 * EDGE, parts: inFront(parts) };
}

function stem(from: Placed, to: Placed): Markup {
  const x = from.x + INDENT / 2;
  const y = to.y + BOX / 2;
  const { way } = to.node;
  return html`<path class="way ${way ?? ''}" d="M${x} ${from.y + BOX}V${y}H${to.x}"/>${way === undefined ? NOTHING : signAt(x, y, way)}`;
}

/** Signs are never hidden by a line that is drawn later. */
function inFront(parts: readonly Markup[]): readonly Markup[] {
  const isWay = ({ markup }: Markup) => markup.startsWith('<path');
  return [...parts.filter((part) => !isWay(part)), ...parts.filter(isWay)];
}

const PAD = 12;
/** About as wide as a character is, of a title and of what stands below it. */
const TITLE = 7.3;
const DETAIL = 6.5;

/** What is too long for its box is cut, and whole in its title. */
function boxOf({ node, x, y, width }: Placed): Markup {
  const { title, detail, look, box } = node;
  const room = width - 2 * PAD - (box === undefined ? 0 : 20);
  const fits = (text: string, wide: number) => clip(text, Math.max(4, Math.floor(room / wide)));
  const isAlone = detail === '';
  const lines = isAlone
    ? html`<text class="title" x="${PAD}" y="${BOX / 2 + 4.5}">${fits(title, TITLE)}</text>`
    : html`<text class="title" x="${PAD}" y="19">${fits(title, TITLE)}</text><text class="detail" x="${PAD}" y="35">${fits(detail, DETAIL)}</text>`;
  return html`<g><title>${isAlone ? title : `${title}, ${detail}`}</title><rect class="box ${look} ${box ?? ''}" x="${x}" y="${y}" width="${width}" height="${BOX}" rx="9"/><svg x="${x}" y="${y}" width="${width - 4}" height="${BOX}">${lines}</svg>${box === undefined ? NOTHING : signAt(x + width - 16, y + 16, box)}</g>`;
}

function signAt(x: number, y: number, is: Mark['is']): Markup {
  return html`<g class="sign ${is}"><circle cx="${x}" cy="${y}" r="8.5"/><text x="${x}" y="${y + 4.5}">${SIGN_OF[is]}</text></g>`;
}
