// Reads every format of a list of connections back, so that tests can hold them against each other.
import type { ConnectionList } from "../../reach/connection-list.ts";
import { isAlone } from "../../reach/listed-peer.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { outsideText } from "../text/addresses-text.ts";

/** `source → destination: ports`, sorted. */
export type ReadBack = readonly string[];

const line = (source: string, destination: string, ports: string) => `${source} → ${destination}: ${ports}`;

/** What a list says, by itself. */
export function fromList(list: ConnectionList): ReadBack {
  return [...list.groups()]
    .flatMap(({ destination, sources, ports }) =>
      sources.map((source, at) =>
        line(listedPeerText(source), listedPeerText(destination), portSetText(ports[at]!)),
      ),
    )
    .sort();
}

export function fromCsv(text: string): ReadBack {
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n)/y;
  const records: string[][] = [[]];
  for (let match = field.exec(text); match !== null; match = field.exec(text)) {
    const value = match[1]!;
    records.at(-1)!.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (match[2] !== ",") records.push([]);
  }
  const [header, ...rest] = records.slice(0, -1);
  if (header?.join() !== "source,destination,ports") throw new Error(`header ${header?.join()}`);
  if (rest.some((record) => record.length !== 3)) throw new Error("a record has not three fields");
  return rest.map(([source, destination, ports]) => line(source!, destination!, ports!)).sort();
}

interface ListData {
  readonly connections: readonly { source: string; destination: string; ports: string }[];
  readonly peers: readonly { readonly id: string }[];
  readonly portSets: readonly { readonly id: string }[];
  readonly count: number;
}

export const fromJson = (text: string): ReadBack => fromData(JSON.parse(text) as ListData);

/** Of JSON or YAML that was parsed. */
export function fromData({ connections, peers, portSets, count }: ListData): ReadBack {
  if (count !== connections.length) throw new Error("the count is wrong");
  const [known, sets] = [peers, portSets].map((all) => new Set(all.map(({ id }) => id)));
  for (const { source, destination, ports } of connections) {
    if (!known!.has(source) || !known!.has(destination) || !sets!.has(ports))
      throw new Error("an id leads nowhere");
  }
  return connections.map(({ source, destination, ports }) => line(source, destination, ports)).sort();
}

export function fromMarkdown(text: string): ReadBack {
  const rows = text.split("\n").slice(2, -1);
  return rows
    .map((row) => {
      const cells = row.slice(2, -2).split(/(?<!\\) \| /);
      if (cells.length !== 3) throw new Error(`not three cells: ${row}`);
      const [source, destination, ports] = cells.map((cell) =>
        cell
          .replace(/\\(.)/g, "$1")
          .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
      );
      return line(source!, destination!, ports!);
    })
    .sort();
}

export function fromDot(text: string): ReadBack {
  const plain = (label: string) => label.replace(/\\(.)/g, "$1");
  return fromGraph(
    text,
    /^ +(p\d+) \[label="((?:[^"\\]|\\.)*)"(?:, shape=ellipse, style=dashed)?\];$/gm,
    /^ {2}(p\d+) -> (p\d+) \[label="((?:[^"\\]|\\.)*)"\];$/gm,
    ([from, to, ports]) => [from!, to!, ports!],
    plain,
  );
}

export function fromMermaid(text: string): ReadBack {
  const plain = (label: string) =>
    label.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return fromGraph(
    text,
    /^ +(p\d+)(?:\[|\(\[)"([^"]*)"(?:\]|\]\))$/gm,
    /^ {2}(p\d+) -->\|"([^"]*)"\| (p\d+)$/gm,
    ([from, ports, to]) => [from!, to!, ports!],
    plain,
  );
}

function fromGraph(
  text: string,
  vertex: RegExp,
  edge: RegExp,
  order: (groups: readonly string[]) => readonly [string, string, string],
  plain: (label: string) => string,
): ReadBack {
  const names = new Map([...text.matchAll(vertex)].map(([, id, label]) => [id!, plain(label!)]));
  return [...text.matchAll(edge)]
    .map(([, ...groups]) => {
      const [from, to, ports] = order(groups as string[]);
      return line(names.get(from)!, names.get(to)!, plain(ports));
    })
    .sort();
}

export function fromSvg(text: string): ReadBack {
  const plain = (markup: string) =>
    markup
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  const names = (attribute: string) =>
    [...text.matchAll(new RegExp(`data-${attribute}="\\d+"[^>]*>([^<]*)</text>`, "g"))].map(([, name]) =>
      plain(name!),
    );
  const [rows, columns] = [names("row"), names("column")];
  const found: string[] = [];
  for (const [, ports, path] of text.matchAll(/data-ports="([^"]*)" d="([^"]*)"/g)) {
    for (const [, column, row, height] of path!.matchAll(/M(\d+) (\d+)h\.9v([\d.]+)h-\.9z/g)) {
      for (let at = 0; at < Math.round(Number(height) + 0.1); at++)
        found.push(line(rows[Number(row) + at]!, columns[Number(column)]!, plain(ports!)));
    }
  }
  return found.sort();
}

export function fromHtml(text: string): ReadBack {
  const [, json] = /<script type="application\/json" id="connections">(.*?)<\/script>/s.exec(text)!;
  const { rows, columns, portSets, cells } = JSON.parse(json!) as {
    rows: { id: string }[];
    columns: { id: string }[];
    portSets: { text: string }[];
    cells: number[][];
  };
  const found: string[] = [];
  for (const [column, ...runs] of cells) {
    let row = 0;
    for (let at = 0; at < runs.length; at += 2) {
      for (let left = runs[at + 1]!; left > 0; left--, row++) {
        const value = runs[at]!;
        if (value > 0) found.push(line(rows[row]!.id, columns[column!]!.id, portSets[value - 1]!.text));
      }
    }
    if (row !== rows.length) throw new Error("a column is not as high as the matrix");
  }
  return found.sort();
}

/** The table for people, with what its words stand for put in. */
export function fromText(text: string, list: ConnectionList): ReadBack {
  const [table, below = ""] = text.split("\n\n");
  const [header, ...rows] = table!.split("\n").filter((row) => row !== "");
  if (header === undefined) return [];
  const numbered = new Map(below.split("\n").map((row) => row.split(" = ") as [string, string]));
  const names = header.split(/ {3,}/);
  const starts = names.map((name, at) =>
    at === 0 ? 0 : header.indexOf(name, header.indexOf(names[at - 1]!) + 1),
  );
  if (names[1] === "PODS") starts[3] = header.lastIndexOf("PODS");
  const cells = (row: string) => starts.map((start, at) => row.slice(start, starts[at + 1]).trim());
  const place = (name: string) => names.indexOf(name);
  return rows
    .flatMap((row) => {
      const all = cells(row);
      const [source, destination, ports] = ["SOURCE", "DESTINATION", "PORTS"].map(
        (name) => all[place(name)]!,
      );
      const full = numbered.get(destination!) ?? destination!;
      return sourcesOf(numbered.get(source!) ?? source!, full, list).map((each) => line(each, full, ports!));
    })
    .sort();
}

function sourcesOf(source: string, destination: string, list: ConnectionList): readonly string[] {
  if (!["anyone", "every workload", "every pod"].includes(source)) return [source];
  const others = list.peers.filter((peer) => listedPeerText(peer) !== destination || !isAlone(peer));
  return [...others.map(listedPeerText), ...(source === "anyone" ? [outsideText] : [])];
}
