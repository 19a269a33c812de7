import type { ErrorKind } from '../../incident/cause.ts';
import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Values } from '../../incident/evidence.ts';
import { formatNumber, type Time } from '../../incident/text.ts';
import type { Curve } from '../../incident/topology.ts';
import { maxOf } from '../../semantics/time/minutes.ts';
import { kindName } from '../story/phrases.ts';
import { type Frame, frameOf, gapsIn, inFrame, roundedUp, ticksOf } from './chart-frame.ts';
import { type ChartMoment, momentsIn } from './chart-moments.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const MARK_ROW = 20;
const REQUESTS = 44;
const GAP = 26;
const ERRORS = 132;
const AXIS = 24;

/** Errors a minute by kind, with the requests above them: what began, was changed and went off stands on it. */
export function chartInHtml(diagnosis: Diagnosis): Markup {
  const { curve } = diagnosis;
  if (curve === undefined) {
    return html`<section><h2>Errors over time</h2><p class="faint">The metrics of the load balancer were not seen: no curve can be drawn.</p></section>`;
  }
  const frame = frameOf(curve, diagnosis);
  const moments = momentsIn(frame, diagnosis);
  const rows = Math.max(0, ...moments.map(({ row }) => row + 1));
  return html`<section class="chart"><h2>Errors over time</h2><figure>${plot(curve, frame, moments, rows)}<figcaption>${caption(curve, frame)}</figcaption></figure></section>`;
}

function plot(curve: Curve, frame: Frame, moments: readonly ChartMoment[], rows: number): Markup {
  const requests = inFrame(curve.requests, frame);
  const all = inFrame(curve.all, frame);
  const errors = curve.errors.map(({ kind, counts }) => ({ kind, counts: inFrame(counts, frame) }));
  const most = { requests: roundedUp(maxOf(requests) ?? 1), errors: roundedUp(maxOf(all) ?? 1) };
  const top = rows * MARK_ROW + 20;
  const [requestsBase, errorsTop] = [top + REQUESTS, top + REQUESTS + GAP];
  const base = errorsTop + ERRORS;
  const middle = most.errors % 2 === 0 ? [[base - ERRORS / 2, short(most.errors / 2)] as const] : [];
  const levels = [
    [top, short(most.requests)],
    [requestsBase, '0'],
    [errorsTop, short(most.errors)],
    ...middle,
    [base, '0'],
  ] as const;
  const each = everySaid(curve);
  const svg = html`<svg class="bars" height="${base + AXIS}" role="img" aria-labelledby="chart-title chart-says"><title id="chart-title">Requests and errors over time</title><desc id="chart-says">${inWords(curve, frame, moments)}</desc>${HATCH}
${levels.map(([y]) => html`<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>`)}
${unknown(requests, top, REQUESTS)}${unknown(all, errorsTop, ERRORS)}
${barsOf(
  requests,
  'requests',
  most.requests,
  REQUESTS,
  requests.map(() => requestsBase),
)}
${stacked(errors, most.errors, base)}
${moments.map((moment) => lineOf(moment, base))}
<text class="panel" x="6" y="${top - 6}">Requests ${each}</text><text class="panel" x="6" y="${errorsTop - 6}">Errors ${each}</text>
${moments.map(flagOf)}${ticksOf(frame).map((tick) => tickAt(tick, frame, base))}</svg>`;
  const scale = levels.map(([y, said]) => html`<text class="level" x="40" y="${y + 4}">${said}</text>`);
  return html`<div class="plot"><svg class="levels" width="48" height="${base + AXIS}" aria-hidden="true">${scale}</svg>${svg}</div>`;
}

const HATCH = html`<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" x2="0" y1="0" y2="6"/></pattern></defs>`;

const everySaid = ({ step }: Curve): string => (step === 60 ? 'a minute' : `every ${step / 60} min`);

/** For whoever does not see it. */
function inWords(curve: Curve, frame: Frame, moments: readonly ChartMoment[]): string {
  const [errors, requests] = [maxOf(inFrame(curve.all, frame)), maxOf(inFrame(curve.requests, frame))];
  return [
    `From ${frame.written(frame.from)} to ${frame.written(frame.to)} UTC.`,
    errors === null ? 'Errors were not seen.' : `At most ${formatNumber(errors)} errors ${everySaid(curve)}.`,
    requests === null ? 'Requests were not seen.' : `At most ${formatNumber(requests)} requests ${everySaid(curve)}.`,
    ...moments.flatMap(({ label }) => (label === null ? [] : `${label} UTC.`)),
  ].join(' ');
}

interface Counted {
  readonly kind: ErrorKind;
  readonly counts: Values;
}

function stacked(errors: readonly Counted[], most: number, base: number): Markup {
  let tops: readonly number[] = errors[0]?.counts.map(() => base) ?? [];
  return html`${errors.map(({ kind, counts }) => {
    const bars = barsOf(counts, classOf(kind), most, ERRORS, tops);
    tops = tops.map((y, index) => y - heightOf(counts[index] ?? 0, most, ERRORS));
    return bars;
  })}`;
}

const heightOf = (count: number, most: number, of: number): number => (count / most) * of;

function barsOf(counts: Values, look: string, most: number, of: number, bases: readonly number[]): Markup {
  const width = 100 / counts.length;
  const bars = counts.map((count, index) => {
    if (count === null || count === 0) return NOTHING;
    // One error among thousands of requests is an error: it is seen.
    const height = Math.max(1, heightOf(count, most, of));
    return html`<rect class="${look}" x="${round(index * width)}%" width="${round(width * 0.84)}%" y="${round((bases[index] ?? 0) - height)}" height="${round(height)}"/>`;
  });
  return html`${bars}`;
}

/** Nobody knows what was there: neither zero nor anything else. */
function unknown(values: Values, top: number, height: number): Markup {
  return html`${gapsIn(values).map(
    ({ first, length }) =>
      html`<rect fill="url(#unknown)" x="${round((first / values.length) * 100)}%" width="${round((length / values.length) * 100)}%" y="${top}" height="${height}"><title>not known</title></rect>`,
  )}`;
}

const heightOfRow = (row: number): number => 14 + row * MARK_ROW;

function lineOf(moment: ChartMoment, bottom: number): Markup {
  const x = `${round(moment.x)}%`;
  return html`<line class="moment ${moment.kind}" x1="${x}" x2="${x}" y1="${heightOfRow(moment.row)}" y2="${bottom}"/>`;
}

function flagOf(moment: ChartMoment): Markup {
  const [x, y] = [`${round(moment.x)}%`, heightOfRow(moment.row)];
  const isRight = moment.x > 62;
  // Beside its mark; above it where others stand beside.
  const beside = moment.labelRow === moment.row ? 9 : -5;
  const said =
    moment.label === null
      ? NOTHING
      : html`<text class="moment" x="${x}" dx="${isRight ? -beside : beside}" y="${heightOfRow(moment.labelRow) + 4}" text-anchor="${isRight ? 'end' : 'start'}">${moment.label}</text>`;
  return html`<svg class="flag${moment.label === null ? ' other' : ''}" x="${x}" y="${y}">${FLAGS[moment.kind]}</svg>${said}`;
}

/** Told apart by their shape as well. */
const FLAGS: Readonly<Record<ChartMoment['kind'], Markup>> = {
  change: html`<path class="flag change" d="M0 -5.5L5.5 0L0 5.5L-5.5 0Z"/>`,
  onset: html`<circle class="flag onset" r="4.5"/>`,
  alarm: html`<path class="flag alarm" d="M0 -5.5L5.5 4.5H-5.5Z"/>`,
};

function tickAt(time: Time, frame: Frame, bottom: number): Markup {
  const x = frame.at(time);
  const anchor = x < 5 ? 'start' : x > 95 ? 'end' : 'middle';
  return html`<line class="tick" x1="${round(x)}%" x2="${round(x)}%" y1="${bottom}" y2="${bottom + 4}"/><text class="level" x="${round(x)}%" y="${bottom + 18}" text-anchor="${anchor}">${frame.written(time)}</text>`;
}

function caption({ errors, unread, requests, all }: Curve, frame: Frame): Markup {
  const hasGaps = [requests, all].some((values) => inFrame(values, frame).includes(null));
  const kinds = errors.map(({ kind }) => html`<li><span class="swatch ${classOf(kind)}"></span>${kindName(kind)}</li>`);
  const blind =
    unread.length === 0 ? NOTHING : html`<p>Not read, and so not drawn: ${unread.map(kindName).join(', ')}.</p>`;
  return html`${kinds.length === 0 ? NOTHING : html`<ul class="legend">${kinds}</ul>`}<p class="axis">Times in UTC.${hasGaps ? ' Hatched: not known.' : ''}</p>${blind}`;
}

const classOf = (kind: ErrorKind): string => `kind-${kind}`;

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `1.5k`, `20k`: the margin is narrow. */
function short(value: number): string {
  if (value >= 1_000_000) return `${round(value / 1_000_000)}M`;
  return value >= 1000 ? `${round(value / 1000)}k` : String(value);
}
