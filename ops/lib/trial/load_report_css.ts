/**
 * The style of a report about load, on the product's own tokens: no colour and no size of its own.
 *
 * @module
 */

/** Goes behind the tokens. */
export const REPORT_CSS = `
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--canvas);
  color: var(--text);
  font: 400 var(--size-14) / 20px var(--face);
  font-variant-numeric: tabular-nums;
  overflow-wrap: break-word;
}
header {
  display: flex;
  align-items: center;
  gap: var(--space-2);
  min-height: var(--bar-top);
  padding-inline: var(--inset-x);
  background: var(--surface);
  border-bottom: 1px solid var(--line);
  font-weight: 600;
}
header .muted { font-weight: 400; }
.mark { width: 16px; height: 16px; fill: var(--link); }
main {
  display: grid;
  gap: var(--gap);
  max-width: 1280px;
  margin-inline: auto;
  padding: var(--gap) var(--inset-x) var(--space-6);
}
main > *, .two > * { min-width: 0; }
.head { display: grid; gap: var(--space-1); }
.head .state { font-weight: 600; }
h1 { font-size: var(--size-20); line-height: 28px; font-weight: 600; }
h2 { font-size: var(--size-16); line-height: 24px; font-weight: 600; }
.muted { color: var(--muted); }
section, .figures {
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: var(--radius);
  padding: var(--space-3) var(--inset-x);
}
section { display: grid; gap: var(--space-2); align-content: start; }
.two { display: grid; gap: var(--gap); grid-template-columns: repeat(2, minmax(0, 1fr)); }
.figures { display: grid; gap: var(--space-3); grid-template-columns: repeat(4, minmax(0, 1fr)); }
.figures dt { color: var(--muted); }
.figures dd:nth-of-type(1) { font-size: var(--size-28); line-height: 36px; font-weight: 600; }
.state { display: inline-flex; align-items: center; gap: 6px; }
.state svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; }
[data-state="good"] { color: var(--ok); }
[data-state="critical"] { color: var(--crit); }
.scroll { overflow-x: auto; margin-inline: calc(-1 * var(--inset-x)); }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
table { width: 100%; border-collapse: collapse; font-size: var(--size-13); }
th, td { height: 32px; padding: 4px 10px; border-bottom: 1px solid var(--line-soft); text-align: end; white-space: nowrap; }
tr > :first-child { padding-inline-start: var(--inset-x); text-align: start; white-space: normal; font-weight: 500; }
tr > :last-child { padding-inline-end: var(--inset-x); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--muted); font-weight: 500; }
.left :is(th, td) { text-align: start; white-space: normal; }
.bar { display: block; width: 100%; min-width: 120px; height: 6px; }
rect.good, path.good { fill: var(--load); }
rect.soft, path.soft { fill: var(--load-soft); }
path.bad { fill: var(--crit); }
.drawing { display: grid; gap: var(--space-2); }
.plot { display: grid; margin-top: var(--space-2); grid-template-columns: auto minmax(0, 1fr); gap: var(--space-1) var(--space-2); }
.plot svg { width: 100%; height: 180px; overflow: visible; }
.grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.limit { stroke: var(--text); stroke-width: 1; stroke-dasharray: 4 4; vector-effect: non-scaling-stroke; }
.y, .x { display: flex; justify-content: space-between; color: var(--muted); font-size: var(--size-13); line-height: 16px; }
.y { flex-direction: column; text-align: end; margin-block: -8px; }
.x { grid-column: 2; }
.legend { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-3); font-size: var(--size-13); }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend i { width: 12px; height: 12px; border-radius: 2px; }
i.good { background: var(--load); }
i.soft { background: var(--load-soft); }
i.limit { height: 0; border-top: 1px dashed var(--text); border-radius: 0; }
i.bad { background: var(--crit); }
summary { display: inline-flex; align-items: center; min-height: 24px; color: var(--link); cursor: pointer; }
details .scroll { max-height: 320px; overflow-y: auto; }
footer { font-size: var(--size-13); max-width: 80ch; }
@media (max-width: 720px) {
  .two { grid-template-columns: minmax(0, 1fr); }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .figures dd:nth-of-type(1) { font-size: var(--size-20); line-height: 28px; }
  .answers :is(th, td):is(:nth-child(5), :nth-child(7), :nth-child(8), :nth-child(9)) { display: none; }
  .answers :is(th, td) { padding-inline: 6px; }
  .bar { min-width: 72px; }
}
@media (pointer: coarse) {
  summary { min-height: 44px; }
}
@media print {
  body { background: none; }
  section, .figures { break-inside: avoid; }
  details { display: none; }
}
`;
