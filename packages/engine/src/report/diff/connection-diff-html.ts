import type { ConnectionDiff } from "../../diff/connection-diff.ts";
import { Names } from "../names.ts";
import { htmlHead, tablesStyle } from "../text/html-page.ts";
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
  yield htmlHead("portcullis diff", style, { scripts: true });
  yield `<h1>${markupText(diffSummary(diff))}</h1>\n`;
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

const style = `${tablesStyle}input { font: inherit; font-size: 1rem; min-height: 2.25rem; padding: .25rem .4rem; max-width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem; text-align: left; vertical-align: top; }
tr.opened td:first-child { color: var(--allow); font-weight: 600; }
tr.closed td:first-child { color: var(--deny); font-weight: 600; }
tr[hidden] { display: none; }
/* A narrow screen has a change below the other instead of columns. */
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody { display: block; }
  tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td { display: block; border: 0; padding: 0; }
  td:nth-child(2)::before { content: "from "; } td:nth-child(3)::before { content: "to "; }
  td:nth-child(n + 4) { padding-left: 1rem; }
  td::before { opacity: .6; }
}
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
