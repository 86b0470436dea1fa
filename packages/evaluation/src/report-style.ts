/** The style sheet of the HTML report: light and dark by the reader's choice, plain black on white in print. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --paper: #ffffff; --line: #d0d7de; --main: #0b5cad; --band: #0b5cad33; --loud: #8a1c1c; --loud-paper: #fdecec; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #9da7b3; --paper: #0f1418; --line: #3a434d; --main: #7cc0ff; --band: #7cc0ff40; --loud: #ffb4ab; --loud-paper: #3b1513; } }
@media print { :root { --ink: #000; --quiet: #333; --paper: #fff; --line: #999; --main: #000; --band: #00000022; --loud: #000; --loud-paper: #fff; } details { display: none; } section { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
.mark { font-weight: 600; color: var(--loud); margin-left: .5rem; }
.notice, footer { color: var(--quiet); }
.banner { background: var(--loud-paper); color: var(--loud); border: 2px solid var(--loud); padding: .6rem .8rem; font-weight: 700; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
.whole { white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: normal; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; }
figcaption { font-weight: 600; }
svg { width: 100%; max-width: 24rem; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--quiet); }
.frame { fill: none; stroke: var(--line); }
.main { fill: none; stroke: var(--main); stroke-width: 2; }
.reference { fill: none; stroke: var(--quiet); stroke-dasharray: 4 4; }
.band { fill: var(--band); }
.bar { stroke: var(--main); }
.dot { fill: var(--main); }
@media print { body { font-size: 12px; } th, td { padding-right: .6rem; } }
`;
