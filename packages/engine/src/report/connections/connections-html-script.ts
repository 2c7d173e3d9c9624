/** What the page of a matrix does. Plain JavaScript for browsers of the last five years. */
export const matrixScript = String.raw`
"use strict";
const data = JSON.parse(document.getElementById("connections").textContent);
const $ = (id) => document.getElementById(id);
const { rows, columns, portSets } = data;
const width = columns.length;
const values = new Uint32Array(rows.length * width);
for (const [column, ...runs] of data.cells) {
  let row = 0;
  for (let at = 0; at < runs.length; at += 2) {
    for (let left = runs[at + 1]; left > 0; left--) values[row++ * width + column] = runs[at];
  }
}
if (data.denied) document.documentElement.dataset.denied = "";
let total = 0;
for (const value of values) if (value > 0) total++;
const number = (n) => n.toLocaleString("en");
$("figures").textContent = number(total) + " connections, " + number(rows.length) + " sources, " + number(columns.length) + " destinations";
const namespaces = [...new Set([...rows, ...columns].map((peer) => peer.namespace).filter(Boolean))].sort();
for (const name of namespaces) $("namespace").append(new Option(name, name));

const outside = (peer) => peer.kind === "outside";
/** Of each value whether it meets the port that is looked for. */
let meets = [];
/** Whether the pair concerns the namespace that is looked at. */
let concerns = () => true;
let shownRows = [];
let shownColumns = [];
let chosen = { row: 0, column: 0 };

function wantedPort(text) {
  const [first, second] = text.trim().toUpperCase().split("/");
  if (first === "") return () => true;
  if (first === "ICMP" && second === undefined) return (set) => set.icmp;
  const protocols = ["TCP", "UDP", "SCTP"];
  const protocol = protocols.includes(first) ? first : second !== undefined ? second : undefined;
  const port = protocols.includes(first) ? second : first;
  if (protocol !== undefined && !protocols.includes(protocol)) return undefined;
  const match = port === undefined || port === "" ? ["", "1", "65535"] : /^(\d+)(?:-(\d+))?$/.exec(port);
  if (match === null) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return (set) => set.ranges.some((range) => (protocol === undefined || range.protocol === protocol) && range.from <= to && from <= range.to);
}

function filter() {
  const wanted = wantedPort($("port").value);
  $("port").setAttribute("aria-invalid", String(wanted === undefined));
  meets = [false, ...portSets.map(wanted ?? (() => true))];
  const namespace = $("namespace").value;
  const named = (peers, id) => {
    const words = $(id).value.trim().toLowerCase();
    return peers.flatMap((peer, at) => (words === "" || peer.id.toLowerCase().includes(words) ? [at] : []));
  };
  const inNamespace = (peer) => namespace === "" || peer.namespace === namespace;
  shownRows = named(rows, "source");
  shownColumns = named(columns, "destination");
  concerns = namespace === "" ? () => true : (row, column) => inNamespace(rows[row]) || inNamespace(columns[column]);
  if (namespace !== "") {
    // With those outside of the namespace that have a connection with it.
    const joined = (row, column) => concerns(row, column) && meets[values[row * width + column]];
    const kept = shownRows.filter((row) => inNamespace(rows[row]) || shownColumns.some((column) => joined(row, column)));
    shownColumns = shownColumns.filter((column) => inNamespace(columns[column]) || shownRows.some((row) => joined(row, column)));
    shownRows = kept;
  }
  const show = $("show").value;
  if (show !== "all") {
    const fits = (row, column) => concerns(row, column) && meets[values[row * width + column]] === (show === "some") && !(outside(rows[row]) && outside(columns[column]));
    const kept = shownRows.filter((row) => shownColumns.some((column) => fits(row, column)));
    shownColumns = shownColumns.filter((column) => shownRows.some((row) => fits(row, column)));
    shownRows = kept;
  }
  let count = 0;
  for (const row of shownRows) for (const column of shownColumns) if (concerns(row, column) && meets[values[row * width + column]]) count++;
  $("status").textContent = wanted === undefined ? "Write a port as 80, tcp/80, udp/53-60, tcp or icmp." : "Shown: " + number(count) + " connections, " + number(shownRows.length) + " sources, " + number(shownColumns.length) + " destinations";
  chosen = { row: Math.min(chosen.row, Math.max(0, shownRows.length - 1)), column: Math.min(chosen.column, Math.max(0, shownColumns.length - 1)) };
  resize();
  tell();
}

const matrix = $("matrix");
const canvas = $("canvas");
const paint = canvas.getContext("2d");
const cell = matchMedia("(pointer: coarse)").matches ? 24 : 16;
let left = 120;
let top_ = 120;
const font = "12px ui-monospace, monospace";

function resize() {
  paint.font = font;
  const longest = (all, peers) => all.reduce((most, at) => Math.max(most, peers[at].id.length), 6) * 7.3 + 12;
  left = Math.min(longest(shownRows, rows), Math.max(96, matrix.clientWidth * 0.4));
  top_ = Math.min(longest(shownColumns, columns), Math.max(80, matrix.clientHeight * 0.4));
  $("extent").style.width = left + shownColumns.length * cell + 4 + "px";
  $("extent").style.height = top_ + shownRows.length * cell + 4 + "px";
  const ratio = devicePixelRatio || 1;
  canvas.width = matrix.clientWidth * ratio;
  canvas.height = matrix.clientHeight * ratio;
  canvas.style.width = matrix.clientWidth + "px";
  canvas.style.height = matrix.clientHeight + "px";
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw();
}

function fitted(text, room) {
  const most = Math.floor((room - 10) / 7.3);
  return text.length <= most ? text : text.slice(0, Math.max(1, Math.ceil(most / 2) - 1)) + "…" + text.slice(text.length - Math.floor(most / 2));
}

let asked = 0;
function draw() {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue("--" + name);
    const [w, h] = [matrix.clientWidth, matrix.clientHeight];
    const [x0, y0] = [matrix.scrollLeft, matrix.scrollTop];
    paint.clearRect(0, 0, w, h);
    const firstColumn = Math.floor(x0 / cell);
    const lastColumn = Math.min(shownColumns.length - 1, Math.floor((x0 + w - left) / cell));
    const firstRow = Math.floor(y0 / cell);
    const lastRow = Math.min(shownRows.length - 1, Math.floor((y0 + h - top_) / cell));
    paint.save();
    paint.beginPath();
    paint.rect(left, top_, w - left, h - top_);
    paint.clip();
    const fills = { none: colour("none"), some: colour("some"), all: colour("all") };
    for (let r = firstRow; r <= lastRow; r++) {
      for (let c = firstColumn; c <= lastColumn; c++) {
        const [row, column] = [shownRows[r], shownColumns[c]];
        if (!concerns(row, column) || (outside(rows[row]) && outside(columns[column]))) continue;
        const value = values[row * width + column];
        const set = portSets[value - 1];
        const kind = !meets[value] ? "none" : set.icmp && set.text === "all ports" ? "all" : "some";
        paint.fillStyle = fills[kind];
        paint.fillRect(left + c * cell - x0, top_ + r * cell - y0, cell - 1, cell - 1);
      }
    }
    paint.strokeStyle = colour("focus");
    paint.lineWidth = 2;
    if (shownRows.length > 0 && shownColumns.length > 0) paint.strokeRect(left + chosen.column * cell - x0, top_ + chosen.row * cell - y0, cell - 1, cell - 1);
    paint.restore();
    paint.font = font;
    paint.textBaseline = "middle";
    paint.save();
    paint.beginPath();
    paint.rect(0, top_, left, h - top_);
    paint.clip();
    paint.textAlign = "right";
    for (let r = firstRow; r <= lastRow; r++) {
      paint.fillStyle = colour(r === chosen.row ? "focus" : "ink");
      paint.fillText(fitted(rows[shownRows[r]].id, left), left - 5, top_ + r * cell - y0 + cell / 2);
    }
    paint.restore();
    paint.save();
    paint.beginPath();
    paint.rect(left, 0, w - left, top_);
    paint.clip();
    paint.textAlign = "left";
    for (let c = firstColumn; c <= lastColumn; c++) {
      paint.save();
      paint.translate(left + c * cell - x0 + cell / 2, top_ - 5);
      paint.rotate(-Math.PI / 2);
      paint.fillStyle = colour(c === chosen.column ? "focus" : "ink");
      paint.fillText(fitted(columns[shownColumns[c]].id, top_), 0, 0);
      paint.restore();
    }
    paint.restore();
    paint.fillStyle = colour("dim");
    paint.textAlign = "left";
    paint.fillText("from ↓ to →", 6, top_ - 10);
  });
}

function tell() {
  const detail = $("detail");
  detail.textContent = "";
  if (shownRows.length === 0 || shownColumns.length === 0) {
    detail.textContent = "Nothing is left by the filters.";
    return;
  }
  const [row, column] = [shownRows[chosen.row], shownColumns[chosen.column]];
  const [source, destination] = [rows[row], columns[column]];
  const value = values[row * width + column];
  const nothing = outside(source) && outside(destination) ? "not asked: neither is in the cluster" : source.id === destination.id && !data.denied ? "itself" : data.partial ? "nothing listed" : data.denied ? "nothing" : "none";
  const list = document.createElement("dl");
  const add = (term, text) => {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = term;
    dd.textContent = text;
    list.append(dt, dd);
  };
  add("from", source.id);
  add("to", destination.id);
  add(data.denied ? "denied" : "allowed", value === 0 ? nothing : portSets[value - 1].text);
  const isolation = (peer, direction) => (peer.isolatedBy === undefined ? undefined : peer.isolatedBy[direction].join(", ") || "not isolated");
  const [egress, ingress] = [isolation(source, "egress"), isolation(destination, "ingress")];
  if (egress !== undefined) add("source's egress", egress);
  if (ingress !== undefined) add("destination's ingress", ingress);
  detail.append(list);
}

function choose(row, column) {
  chosen = { row: Math.max(0, Math.min(shownRows.length - 1, row)), column: Math.max(0, Math.min(shownColumns.length - 1, column)) };
  const [x, y] = [chosen.column * cell, chosen.row * cell];
  const [w, h] = [matrix.clientWidth - left, matrix.clientHeight - top_];
  if (x < matrix.scrollLeft) matrix.scrollLeft = x;
  if (x + cell > matrix.scrollLeft + w) matrix.scrollLeft = x + cell - w;
  if (y < matrix.scrollTop) matrix.scrollTop = y;
  if (y + cell > matrix.scrollTop + h) matrix.scrollTop = y + cell - h;
  draw();
  tell();
}

matrix.addEventListener("keydown", (event) => {
  if (event.altKey || event.metaKey) return;
  const page = Math.max(1, Math.floor((matrix.clientHeight - top_) / cell) - 1);
  const far = event.ctrlKey;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0], Home: [far ? -1e9 : 0, -1e9], End: [far ? 1e9 : 0, 1e9] };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  choose(chosen.row + step[0], chosen.column + step[1]);
});
matrix.addEventListener("click", (event) => {
  const box = matrix.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left - left, event.clientY - box.top - top_];
  const row = y < 0 ? chosen.row : Math.floor((y + matrix.scrollTop) / cell);
  const column = x < 0 ? chosen.column : Math.floor((x + matrix.scrollLeft) / cell);
  if (row < shownRows.length && column < shownColumns.length) choose(row, column);
});
matrix.addEventListener("scroll", draw, { passive: true });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new ResizeObserver(resize).observe(matrix);
let typing = 0;
$("filters").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(filter, 120);
});
$("filters").addEventListener("submit", (event) => event.preventDefault());
filter();
`;
