import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { Names } from "../names.ts";
import { markupText } from "../text/markup-text.ts";
import { diffSummary } from "./connection-diff-md.ts";
import { lonePeerText } from "./connection-diff-text.ts";
import { lonePeersOf } from "./connection-diff-wide.ts";
import { diffCauseText } from "./diff-cause-text.ts";
import { causeTexts, diffLines } from "./diff-lines.ts";

/**
 * The diff as one self-contained page, in chunks: every change in a table that can be filtered by what is typed. Nothing
 * comes from elsewhere, and without scripts all of it is still there.
 */
export function* connectionDiffHtml(diff: ConnectionDiff): Iterable<string> {
  const names = new Names(markupText);
  const because = causeTexts((cause) => markupText(diffCauseText(cause)));
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>portcullis diff</title>
<style>${style}</style>
</head>
<body>
<h1>${markupText(diffSummary(diff))}</h1>
`;
  const lone = lonePeersOf(diff);
  if (lone.length > 0) {
    yield "<ul>\n";
    for (const [word, each] of lone)
      yield `<li data-${word}><b>${word}</b> ${markupText(lonePeerText(each))}</li>\n`;
    yield "</ul>\n";
  }
  if (diff.changes.length === 0) {
    yield "</body>\n</html>\n";
    return;
  }
  yield '<p><label>Filter <input type="search" id="filter" autocomplete="off"></label> <output id="count"></output></p>\n';
  yield '<div class="scroll"><table>\n<thead><tr><th scope="col">Change</th><th scope="col">Source</th><th scope="col">Destination</th><th scope="col">Ports</th><th scope="col">Responsible</th></tr></thead>\n<tbody>\n';
  for (const { change, source, destination, ports, causes } of diffLines(diff)) {
    yield `<tr class="${change}"><td>${change}</td><td>${names.peer(source)}</td><td>${names.peer(destination)}</td><td>${names.ports(ports)}</td><td>${because(causes).join("<br>")}</td></tr>\n`;
  }
  yield `</tbody>\n</table></div>\n<script>${script}</script>\n</body>\n</html>\n`;
}

const style = `
:root { color-scheme: light dark; --allow: #14713a; --deny: #b3261e; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --allow: #6fd08c; --deny: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
h1 { font-size: 1.3rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem; text-align: left; vertical-align: top; }
tr.opened td:first-child { color: var(--allow); font-weight: 600; }
tr.closed td:first-child { color: var(--deny); font-weight: 600; }
tr[hidden] { display: none; }
`;

/** Rows that hold every word typed stay. */
const script = `
const filter = document.getElementById("filter"), count = document.getElementById("count");
const rows = [...document.querySelectorAll("tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);
const show = () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const [row, text] of rows) {
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown++;
  }
  count.textContent = shown + " of " + rows.length;
};
filter.addEventListener("input", show);
show();
`;
