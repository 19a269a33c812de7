/** One sheet for both themes: what differs is a variable. Every pair of text and ground has a contrast of 4.5 at least. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #fbfbfc; --card: #fff; --sunk: #f4f5f7; --edge: #e4e6eb; --edge-strong: #c9cdd6;
  --ink: #16181d; --soft: #4a5060; --faint: #5f6675; --link: #3b4cc0;
  --bad: #c62a2f; --bad-ground: #fdecec; --doubt: #8a5a00; --doubt-ground: #fdf3da;
  --good: #1f7a4d; --good-ground: #e5f5ec; --calm: #475066; --calm-ground: #eceef3;
  --requests: #b6bccb; --alarm: #7a3fb0;
  --k500: #7d4bc4; --k502: #d13b40; --k503: #e8710a; --k504: #c23a86; --kother: #7c8496; --ktarget: #2f73d9;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1014; --card: #15181e; --sunk: #1b1f27; --edge: #262b35; --edge-strong: #3c4351;
    --ink: #eceef2; --soft: #b9bfcc; --faint: #99a1b1; --link: #a3b1ff;
    --bad: #ff8a8a; --bad-ground: #3a1a1d; --doubt: #f0c05a; --doubt-ground: #352a12;
    --good: #6ad3a0; --good-ground: #142e22; --calm: #b6bed0; --calm-ground: #232833;
    --requests: #454d5e; --alarm: #c79bf2;
    --k500: #a585e6; --k502: #f2777a; --k503: #f59a4a; --k504: #e07fb6; --kother: #8f97a8; --ktarget: #6ea4f5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 400 1rem/1.6 var(--sans); }
.page { max-width: 58rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 4rem) clamp(1rem, 4vw, 2rem) 3rem; }
p, ul, ol, dl, figure, pre { margin: 0; padding: 0; }
p, li, h1, dd, summary { overflow-wrap: anywhere; }
li.under { margin-left: 1.25rem; }
a { color: var(--link); text-underline-offset: .18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 6px; }
code { font-family: var(--mono); font-size: .875em; unicode-bidi: isolate; }
p code, li code, .lead code { background: var(--sunk); border-radius: 4px; padding: .1em .3em; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
time { font-variant-numeric: tabular-nums; }

header { margin-bottom: 2.5rem; }
.badges { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; font-size: .875rem; color: var(--faint); }
.badge { border-radius: 999px; padding: .2rem .7rem; font-weight: 600; }
.badge.bad { color: var(--bad); background: var(--bad-ground); }
.badge.doubt { color: var(--doubt); background: var(--doubt-ground); }
.badge.good { color: var(--good); background: var(--good-ground); }
.badge.calm { color: var(--calm); background: var(--calm-ground); }
h1 { font-size: clamp(1.5rem, 1.15rem + 1.7vw, 2.125rem); line-height: 1.22; letter-spacing: -.022em; font-weight: 650; margin: 1rem 0 .875rem; text-wrap: balance; }
h1 code { font-size: .86em; letter-spacing: -.03em; }
header > p { color: var(--soft); max-width: 46rem; }
header > p + p { margin-top: .375rem; }
.lead { font-size: 1.125rem; font-weight: 600; color: var(--ink); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1rem 1.5rem; margin-top: 1.75rem; padding-top: 1.25rem; border-top: 1px solid var(--edge); }
.facts dt { font-size: .8125rem; color: var(--faint); }
.facts dd { margin: .125rem 0 0; font-weight: 550; font-size: .9375rem; }

section, main > details { margin-top: 2.75rem; }
h2 { font-size: 1.0625rem; line-height: 1.4; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .875rem; }
section > p { max-width: 46rem; }
section > p + p, section > ul + p, section > p + ul { margin-top: .625rem; }
section ul, details ul { list-style: none; display: grid; gap: .5rem; }
section > ul > li, details > ul > li { position: relative; padding-left: 1.1rem; max-width: 48rem; }
section > ul > li::before, details > ul > li::before { content: ""; position: absolute; left: .15rem; top: .68em; width: .3rem; height: .3rem; border-radius: 50%; background: var(--edge-strong); }
.faint { color: var(--faint); }

figure { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; padding: 1.25rem; }
figcaption { margin-top: 1rem; font-size: .8125rem; color: var(--faint); display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; justify-content: space-between; }
.legend, section .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; list-style: none; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.swatch { width: .7rem; height: .7rem; border-radius: 3px; }
svg { display: block; }
svg text { font-family: var(--sans); fill: var(--ink); }

.path svg.wide { width: 100%; height: auto; }
.path svg.narrow { display: none; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; }
@media (max-width: 55rem) { .path svg.wide { display: none; } .path svg.narrow { display: block; } }
.path figcaption svg { flex: none; }
rect.box { fill: var(--card); stroke: var(--edge-strong); stroke-width: 1; }
rect.box.faint { fill: var(--sunk); stroke: var(--edge); }
rect.box.good { stroke: var(--edge-strong); }
rect.box.bad { stroke: var(--bad); }
rect.box.broken { stroke: var(--bad); stroke-width: 1.75; fill: var(--bad-ground); }
rect.box.over, rect.box.possible, rect.box.idle { stroke: var(--doubt); stroke-width: 1.5; fill: var(--doubt-ground); }
text.title { font-size: 13px; font-weight: 600; }
text.detail { font-size: 12px; fill: var(--faint); }
rect.good + svg text.detail { fill: var(--good); }
rect.bad + svg text.detail { fill: var(--bad); }
rect.broken + svg text.detail, rect.over + svg text.detail, rect.possible + svg text.detail, rect.idle + svg text.detail { fill: var(--soft); }
path.way { fill: none; stroke: var(--edge-strong); stroke-width: 1.5; }
path.way.broken { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 5 4; }
path.way.over, path.way.possible, path.way.idle { stroke: var(--doubt); stroke-width: 2; stroke-dasharray: 5 4; }
.sign circle { fill: var(--doubt); stroke: var(--card); stroke-width: 2; }
.sign.broken circle { fill: var(--bad); }
.sign text { fill: var(--card); font-size: 12px; font-weight: 700; text-anchor: middle; }

.plot { display: flex; }
.levels { flex: none; }
.bars { flex: 1; min-width: 0; width: 0; overflow: visible; }
text.level { font-size: 11.5px; fill: var(--faint); font-variant-numeric: tabular-nums; }
.levels text.level { text-anchor: end; }
text.panel { font-size: 12px; fill: var(--faint); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
text.moment { font-size: 12px; font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
line.grid { stroke: var(--edge); }
line.tick { stroke: var(--edge-strong); }
line.moment { stroke: var(--soft); stroke-dasharray: 3 3; }
line.moment.onset { stroke: var(--bad); }
line.moment.alarm { stroke: var(--alarm); }
svg.flag { overflow: visible; }
.flag.change { fill: var(--soft); }
.flag.other .change { fill: var(--card); stroke: var(--soft); stroke-width: 1.5; }
.flag.onset { fill: var(--bad); }
.flag.alarm { fill: var(--alarm); }
line.hatch { stroke: var(--edge-strong); stroke-width: 2; }
.requests { fill: var(--requests); }
.kind-500 { fill: var(--k500); background: var(--k500); }
.kind-502 { fill: var(--k502); background: var(--k502); }
.kind-503 { fill: var(--k503); background: var(--k503); }
.kind-504 { fill: var(--k504); background: var(--k504); }
.kind-other5xx { fill: var(--kother); background: var(--kother); }
.kind-target5xx { fill: var(--ktarget); background: var(--ktarget); }

pre { font: .8125rem/1.6 var(--mono); background: var(--sunk); border: 1px solid var(--edge); border-radius: 10px; padding: .75rem .9rem; overflow-x: auto; tab-size: 2; }
pre.command span { display: inline-block; max-width: 100%; text-indent: 0; }
pre.command { padding-left: 2.4rem; text-indent: -2ch; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { font-size: inherit; }
pre.command { user-select: all; -webkit-user-select: all; margin: .5rem 0 1rem; }
section > pre.command:last-child { margin-bottom: 0; }
pre.command::before { content: "$ "; color: var(--faint); }
.remedy { background: var(--card); border: 1px solid var(--edge); border-radius: 14px; padding: 1.25rem; margin-top: 0; }
.remedy pre { margin: .5rem 0 1rem; }
.remedy > :last-child { margin-bottom: 0; }
.remedy p + p { margin-top: .5rem; }

.timeline { list-style: none; border-left: 2px solid var(--edge); margin-left: .35rem; display: grid; gap: .75rem; }
.timeline li { position: relative; padding-left: 1.25rem; max-width: 48rem; }
.timeline li::before { content: ""; position: absolute; left: -.4rem; top: .5em; width: .65rem; height: .65rem; border-radius: 50%; background: var(--edge-strong); border: 2px solid var(--ground); }
.timeline li.change::before { background: var(--soft); border-radius: 2px; transform: rotate(45deg) scale(.85); }
.timeline li.symptom::before, .timeline li.health::before { background: var(--bad); }
.timeline li.alarm::before { background: var(--alarm); }
.timeline li > time:first-child { font-weight: 600; font-size: .875rem; color: var(--faint); display: block; }
.timeline + p { margin-top: 1rem; color: var(--faint); font-size: .9375rem; }

details summary { cursor: pointer; color: var(--soft); font-size: .9375rem; }
details summary h2 { display: inline; margin: 0; color: var(--ink); }
main > details { border-top: 1px solid var(--edge); padding-top: 1.25rem; }
main > details + details { margin-top: 1.25rem; }
main > details[open] summary { margin-bottom: 1rem; }
.path details { margin-top: .875rem; }
.path details pre { margin-top: .625rem; }
footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--edge); font-size: .8125rem; color: var(--faint); }
footer ul { list-style: none; display: grid; gap: .25rem; }
footer li { overflow-wrap: anywhere; }
@media print { body { background: #fff; } .page { padding: 0; max-width: none; } figure, pre, .remedy { break-inside: avoid; } pre { white-space: pre-wrap; overflow-wrap: anywhere; } }
`;
