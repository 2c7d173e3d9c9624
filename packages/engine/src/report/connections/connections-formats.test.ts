import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Cluster } from "../../cluster/cluster.ts";
import { clusterOf } from "../../cluster/objects.testing.ts";
import type { Pod } from "../../model/objects.ts";
import { parseCidr } from "../../net/cidr.ts";
import { PortSet } from "../../net/port-set.ts";
import { type ConnectionList, connectionList } from "../../reach/connection-list.ts";
import type { ConnectionOptions } from "../../reach/connections.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import { connectionsCsv } from "./connections-csv.ts";
import { connectionsDot } from "./connections-dot.ts";
import { connectionsHtml } from "./connections-html.ts";
import { connectionsJson } from "./connections-json.ts";
import { connectionsMarkdown } from "./connections-md.ts";
import { connectionsMermaid } from "./connections-mermaid.ts";
import { connectionsSvg } from "./connections-svg.ts";
import { connectionsText } from "./connections-text.ts";
import { connectionsYaml } from "./connections-yaml.ts";
import * as read from "./read-connections.testing.ts";

const written = (chunks: Iterable<string>) => [...chunks].join("");

/** Every format of the list, read back. */
function readBack(list: ConnectionList): Record<string, read.ReadBack> {
  return {
    csv: read.fromCsv(written(connectionsCsv(list))),
    json: read.fromJson(written(connectionsJson(list))),
    yaml: read.fromData(parse(written(connectionsYaml(list)), { version: "1.1" })),
    markdown: read.fromMarkdown(written(connectionsMarkdown(list))),
    dot: read.fromDot(written(connectionsDot(list))),
    mermaid: read.fromMermaid(written(connectionsMermaid(list))),
    svg: read.fromSvg(written(connectionsSvg(list))),
    html: read.fromHtml(written(connectionsHtml(list))),
    text: read.fromText(written(connectionsText(list)), list),
    wide: read.fromText(written(connectionsText(list, { wide: true })), list),
  };
}

const options: fc.Arbitrary<ConnectionOptions> = fc.constantFrom<ConnectionOptions>(
  {},
  { byPod: true },
  { denied: true },
  { byPod: true, direction: "Ingress" },
  { within: PortSet.of([{ protocol: "TCP", from: 80, to: 81 }]) },
  { focus: ({ namespace }) => namespace === "a", direction: "Egress" },
  { peer: { pods: ({ name }) => name === "p1", addresses: [parseCidr("10.0.0.0/25")!] } },
);

test("every format describes the same connections", () => {
  const seed = printedSeed("connections-formats");
  let connections = 0;
  let joined = 0;
  fc.assert(
    fc.property(randomCluster, options, ({ objects }, given) => {
      const cluster = clusterOf(...objects);
      const list = connectionList(cluster, given);
      const expected = read.fromList(list);
      connections += expected.length;
      expect(new Set(expected).size, "names tell peers apart").toBe(expected.length);
      for (const [format, found] of Object.entries(readBack(list))) expect(found, format).toEqual(expected);
      if (/^(?:anyone|every) /m.test(written(connectionsText(list)))) joined++;
    }),
    { seed, numRuns: 60 },
  );
  expect(connections).toBeGreaterThan(100);
  expect(joined).toBeGreaterThan(0);
});

/** Pods with names that no API server would take. */
function strangeList(names: readonly string[]): ConnectionList {
  const cluster = new Cluster();
  for (const name of names) {
    const pod: Pod = {
      kind: "Pod",
      namespace: name,
      name,
      labels: {},
      addresses: [],
      hostNetwork: false,
      phase: "Running",
      ports: [],
    };
    cluster.upsert(pod);
  }
  return connectionList(cluster);
}

describe("names made of markup", () => {
  const names = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"];x [label="',
    '"]) --> x["',
    "a | b",
    "**bold** [x](javascript:y) `z` @all #1 ~s~ !i",
    "<img src=x onerror=alert(1)>&amp;&lt;",
    'c:\\"q",',
    "#quot;#60;",
  ];

  test("are what they are in every format", () => {
    const list = strangeList(names);
    const expected = read.fromList(list);
    expect(expected).toHaveLength(names.length * (names.length - 1) + 2 * names.length);
    for (const [format, found] of Object.entries(readBack(list))) {
      // A space at the end of a name is one of the table's own.
      if (format !== "text") expect(found, format).toEqual(expected);
    }
  });

  test("are no markup", () => {
    const list = strangeList(names);
    const html = written(connectionsHtml(list));
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/<img|<!--/);
    expect(written(connectionsSvg(list))).not.toMatch(/<script|<img|<!--/);
    expect(written(connectionsMarkdown(list))).not.toMatch(/<|(?<!\\)[`*[]/);
    expect(written(connectionsMermaid(list))).not.toMatch(/[<>]script|`|\*\*/);
  });

  test("move no cursor", () => {
    const list = strangeList(["\u001b[2J\u0007x", "y\nz"]);
    const control = /[^\P{Cc}\n]/u;
    for (const format of [
      connectionsText,
      connectionsMarkdown,
      connectionsDot,
      connectionsMermaid,
      connectionsSvg,
    ]) {
      expect(written(format(list)), format.name).not.toMatch(control);
    }
    expect(written(connectionsText(list)).trim().split("\n")).toHaveLength(6);
  });
});

test("the page asks nobody for anything", () => {
  const html = written(connectionsHtml(strangeList(["a", "b"])));
  expect(html).toContain("default-src 'none'");
  expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
    /https?:|@import|url\(|fetch\(|XMLHttp/,
  );
});

test("YAML and JSON are the same data", () => {
  const list = strangeList(["a", "yes", "1e3"]);
  const json = JSON.parse(written(connectionsJson(list)));
  expect(parse(written(connectionsYaml(list)), { version: "1.1" })).toEqual(json);
});

test("zero pods, one pod", () => {
  for (const list of [connectionList(new Cluster()), strangeList(["one"])]) {
    const expected = read.fromList(list);
    for (const [format, found] of Object.entries(readBack(list))) expect(found, format).toEqual(expected);
  }
  expect(written(connectionsText(connectionList(new Cluster())))).toBe("");
});
