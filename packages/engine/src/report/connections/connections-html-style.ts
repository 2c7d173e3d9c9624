/** The style of the page of a matrix: light and dark, from 360 pixels on. */
export const matrixStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #59636e; --ground: #fff; --line: #d1d9e0; --some: #bfe3c9; --all: #1f883d; --none: #f6f8fa; --focus: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9198a1; --ground: #0d1117; --line: #3d444d; --some: #1f5c33; --all: #3fb950; --none: #161b22; --focus: #4493f8; } }
[data-denied] { --some: #f6cdc9; --all: #cf222e; }
@media (prefers-color-scheme: dark) { [data-denied] { --some: #6e2b2b; --all: #f85149; } }
* { box-sizing: border-box; }
html, body { height: 100%; }
body { margin: 0; padding: .75rem; display: flex; flex-direction: column; gap: .5rem; font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; }
h1 { font-size: 1.15rem; margin: 0; }
p { margin: 0; color: var(--dim); }
form { display: flex; flex-wrap: wrap; gap: .5rem; }
label { display: flex; flex-direction: column; font-size: .8rem; color: var(--dim); flex: 1 1 8rem; min-width: 0; max-width: 16rem; }
input, select { font: inherit; font-size: 1rem; width: 100%; min-height: 2.25rem; padding: .25rem .4rem; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 4px; }
input[aria-invalid="true"] { border-color: #cf222e; }
#summary { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; }
#legend { display: flex; flex-wrap: wrap; gap: 0 1rem; margin: 0; padding: 0; list-style: none; color: var(--dim); font-size: .85rem; }
#legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem; vertical-align: -.05rem; border: 1px solid var(--line); }
#legend [data-fill="all"] { background: var(--all); } #legend [data-fill="some"] { background: var(--some); } #legend [data-fill="none"] { background: var(--none); }
main { flex: 1; min-height: 14rem; display: flex; flex-direction: column; gap: .5rem; }
#matrix { position: relative; flex: 1; min-height: 10rem; overflow: auto; border: 1px solid var(--line); border-radius: 4px; }
#matrix:focus-visible, input:focus-visible, select:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
#canvas { position: sticky; top: 0; left: 0; display: block; }
#detail { min-height: 4.5em; max-height: 30vh; overflow: auto; overflow-wrap: anywhere; }
#detail dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; margin: 0; }
#detail dt { color: var(--dim); } #detail dd { margin: 0; }
@media (max-width: 40rem) {
  html, body { height: auto; }
  label { max-width: none; }
  #matrix { height: 24rem; flex: none; }
  #detail { max-height: none; }
  #detail dl { display: block; } #detail dd { padding-left: 1rem; }
}
`;
