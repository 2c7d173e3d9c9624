import type { ConnectionList } from "../../reach/connection-list.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { htmlHead } from "../text/html-page.ts";
import { type ConnectionMatrix, connectionMatrix } from "./connection-matrix.ts";
import { peerJson, portSetJson } from "./connections-data.ts";
import { matrixScript } from "./connections-html-script.ts";
import { matrixStyle } from "./connections-html-style.ts";

/**
 * The list as one self-contained page, in chunks: a matrix that can be filtered, drawn on a canvas so that a thousand
 * workloads are no burden. Its data stand in it as JSON, in `script#connections`:
 * `rows` and `columns` are peers, `portSets` the sets of ports, and `cells` has for each column that has connections its
 * number and then, down the rows, pairs of a value and how many rows have it; value 0 is no connection, value n the n-th set.
 */
export function* connectionsHtml(list: ConnectionList): Iterable<string> {
  const matrix = connectionMatrix(list);
  const title = `${list.denied ? "Denied" : "Allowed"} connections`;
  const legend = (
    list.denied ? ["all ports denied", "some ports", "nothing"] : ["all ports", "some ports", "none"]
  )
    .map((text, at) => `<li><i data-fill="${["all", "some", "none"][at]}"></i>${text}</li>`)
    .join("");
  yield htmlHead(title, matrixStyle, { scripts: true });
  yield `<header><h1>${title}</h1><p id="figures"></p></header>
<form id="filters" autocomplete="off">
<label>Source <input id="source" type="search" placeholder="name"></label>
<label>Destination <input id="destination" type="search" placeholder="name"></label>
<label>Namespace <select id="namespace"><option value="">all</option></select></label>
<label>Port <input id="port" type="search" placeholder="tcp/80"></label>
<label>Show <select id="show"><option value="all">all</option><option value="some">connections</option><option value="none">no connection</option></select></label>
</form>
<div id="summary"><p id="status" role="status"></p><ul id="legend" aria-label="Colours">${legend}</ul></div>
<main>
<div id="matrix" tabindex="0" role="application" aria-label="Matrix: rows are sources, columns destinations. Arrow keys move, Home, End, Page Up and Page Down jump." aria-describedby="detail"><div id="extent"><canvas id="canvas" aria-hidden="true"></canvas></div></div>
<section id="detail" aria-live="polite" aria-label="The chosen pair"></section>
</main>
<noscript><p>The matrix is drawn by a script of this page, which needs no network.</p></noscript>
<script type="application/json" id="connections">`;
  yield* dataJson(list, matrix);
  yield `</script>
<script>${matrixScript}</script>
</body>
</html>
`;
}

function* dataJson(
  list: ConnectionList,
  { rows, columns, portSets, cells }: ConnectionMatrix,
): Iterable<string> {
  const peers = (all: ConnectionMatrix["rows"]) =>
    all.map((peer) => ({ id: listedPeerText(peer), ...peerJson(peer, list) }));
  yield `{"denied":${list.denied},"partial":${list.partial}`;
  yield `,"rows":${inScript(peers(rows))},"columns":${inScript(peers(columns))}`;
  yield `,"portSets":${inScript(portSets.map((set) => ({ text: portSetText(set), ...portSetJson(set) })))},"cells":[`;
  let any = false;
  for (const [column, own] of [...cells].sort(([a], [b]) => a - b)) {
    yield `${any ? "," : ""}\n[${column},${runs(own).join()}]`;
    any = true;
  }
  yield "]}";
}

/** Nothing in a script element may look like its end, or like a comment. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

function runs(values: Uint32Array): readonly number[] {
  const all: number[] = [];
  for (let at = 0; at < values.length; ) {
    let end = at + 1;
    while (end < values.length && values[end] === values[at]) end++;
    all.push(values[at]!, end - at);
    at = end;
  }
  return all;
}
