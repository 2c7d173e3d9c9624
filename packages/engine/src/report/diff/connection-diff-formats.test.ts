import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { Cluster } from "../../cluster/cluster.ts";
import {
  block,
  clusterOf,
  everything,
  labelled,
  pod,
  pods,
  policy,
  rule,
  tcp,
} from "../../cluster/objects.testing.ts";
import { type ConnectionDiff, connectionDiff } from "../../diff/connection-diff.ts";
import { printedSeed } from "../../seed.testing.ts";
import { randomCluster } from "../../verdict/random-cluster.testing.ts";
import { listedPeerText } from "../listed-peer-text.ts";
import { portSetText } from "../port-set-text.ts";
import { outsideText } from "../text/addresses-text.ts";
import { connectionDiffCsv } from "./connection-diff-csv.ts";
import { connectionDiffDot } from "./connection-diff-dot.ts";
import { connectionDiffHtml } from "./connection-diff-html.ts";
import { connectionDiffJson } from "./connection-diff-json.ts";
import { connectionDiffMarkdown } from "./connection-diff-md.ts";
import { connectionDiffSvg } from "./connection-diff-svg.ts";
import { connectionDiffText } from "./connection-diff-text.ts";
import { connectionDiffWide } from "./connection-diff-wide.ts";
import { connectionDiffYaml } from "./connection-diff-yaml.ts";
import { diffLines } from "./diff-lines.ts";
import { anyone, everyOtherPeer, everyPeer } from "./diff-rows.ts";

const all = (chunks: Iterable<string>): string => [...chunks].join("");
const line = (...parts: readonly string[]): string => parts.join(" | ");

/** `opened | source | destination | ports`, and `new | name`: what each format has to say. */
function expected(diff: ConnectionDiff): string[] {
  return [
    ...[...diffLines(diff)].map(({ change, source, destination, ports }) =>
      line(change, listedPeerText(source), listedPeerText(destination), portSetText(ports)),
    ),
    ...diff.added.map(({ peer }) => line("new", listedPeerText(peer))),
    ...diff.removed.map(({ peer }) => line("gone", listedPeerText(peer))),
  ].sort();
}

interface Data {
  readonly changes: readonly {
    readonly source: string;
    readonly destination: string;
    readonly opened?: { readonly text: string };
    readonly closed?: { readonly text: string };
  }[];
  readonly added: readonly { readonly name: string }[];
  readonly removed: readonly { readonly name: string }[];
}

const fromData = ({ changes, added, removed }: Data): string[] => [
  ...changes.flatMap(({ source, destination, opened, closed }) => [
    ...(opened ? [line("opened", source, destination, opened.text)] : []),
    ...(closed ? [line("closed", source, destination, closed.text)] : []),
  ]),
  ...added.map(({ name }) => line("new", name)),
  ...removed.map(({ name }) => line("gone", name)),
];

function fromCsv(text: string): string[] {
  const rows = [...text.matchAll(/((?:"(?:[^"]|"")*"|[^,\n"]*)(?:,(?:"(?:[^"]|"")*"|[^,\n"]*)){4})\n/g)].map(
    ([, row]) =>
      [...row!.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
      ),
  );
  return rows
    .slice(1)
    .map(([change, source, destination, ports]) =>
      destination === "" ? line(change!, source!) : line(change!, source!, destination!, ports!),
    );
}

function fromWide(text: string): string[] {
  const [head = "", ...rows] = text.split("\n").slice(0, -1);
  const starts = [...head.matchAll(/[A-Z]+/g)].map(({ index }) => index);
  return rows.map((row) => {
    const cells = starts.map((start, at) => row.slice(start, starts[at + 1]).trim());
    return cells[2] === "" ? line(cells[0]!, cells[1]!) : line(...cells.slice(0, 4));
  });
}

const unescapeMarkup = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#(\d+));/g, (entity, code) =>
    code !== undefined
      ? String.fromCharCode(Number(code))
      : ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' } as Record<string, string>)[entity]!,
  );

function fromHtml(text: string): string[] {
  return [
    ...[...text.matchAll(/<tr class="\w+">(.*)<\/tr>/g)].map(([, row]) => {
      const cells = [...row!.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => unescapeMarkup(cell!));
      return line(...cells.slice(0, 4));
    }),
    ...[...text.matchAll(/<li data-\w+><b>(\w+)<\/b> (.*?): reached by/g)].map(([, word, name]) =>
      line(word!, unescapeMarkup(name!)),
    ),
  ];
}

function fromSvg(text: string): string[] {
  return [
    ...[
      ...text.matchAll(
        /<path class="(\w+)" data-source="([^"]*)" data-destination="([^"]*)" data-ports="([^"]*)"/g,
      ),
    ].map(([, ...parts]) => line(...parts.map(unescapeMarkup))),
    ...[...text.matchAll(/<text class="lone"[^>]*>(new|gone) (.*?): reached by/g)].map(([, word, name]) =>
      line(word!, unescapeMarkup(name!)),
    ),
  ];
}

function fromDot(text: string): string[] {
  const unquote = (quoted: string) => quoted.replace(/\\(.)/g, "$1");
  const vertices = [...text.matchAll(/^ {2}(p\d+) \[label="((?:[^"\\]|\\.)*)"(.*)\];$/gm)];
  const names = new Map(vertices.map(([, id, label]) => [id, unquote(label!)]));
  return [
    ...vertices.flatMap(([, , label, rest]) => {
      const word = /xlabel="(\w+)"/.exec(rest!)?.[1];
      return word === undefined ? [] : [line(word, unquote(label!))];
    }),
    ...[...text.matchAll(/^ {2}(p\d+) -> (p\d+) \[label="((?:[^"\\]|\\.)*)", .*class="(\w+)"/gm)].map(
      ([, from, to, label, change]) => line(change!, names.get(from)!, names.get(to)!, unquote(label!)),
    ),
  ];
}

/** Rows stand for several changes each. */
function fromMarkdown(text: string, { common }: ConnectionDiff): string[] {
  const plain = (cell: string) => unescapeMarkup(cell.replace(/\\(.)/g, "$1"));
  const peers = common.map(({ peer, several }) => ({ name: listedPeerText(peer), several }));
  const expand = (source: string, destination: string): string[] => {
    const others = peers
      .filter(({ name, several }) => name !== destination || several)
      .map(({ name }) => name);
    if (source === anyone) return [...others, outsideText];
    if (source === everyPeer) return others;
    return source === everyOtherPeer ? others.filter((name) => name !== destination) : [source];
  };
  return [
    ...[...text.matchAll(/^\| (opened|closed) \| (.*?) \| (.*?) \| (.*?) \| .*\|$/gm)].flatMap(
      ([, change, sources, destinations, ports]) =>
        destinations!
          .split("<br>")
          .map(plain)
          .flatMap((destination) =>
            sources!
              .split("<br>")
              .map(plain)
              .flatMap((source) => expand(source, destination))
              .map((source) => line(change!, source, destination, plain(ports!))),
          ),
    ),
    ...[...text.matchAll(/^- (New|Gone): (.*?): reached by/gm)].map(([, word, name]) =>
      line(word!.toLowerCase(), plain(name!)),
    ),
  ];
}

const formats: Readonly<Record<string, (diff: ConnectionDiff) => string[]>> = {
  json: (diff) => fromData(JSON.parse(all(connectionDiffJson(diff))) as Data),
  yaml: (diff) => fromData(parse(all(connectionDiffYaml(diff))) as Data),
  csv: (diff) => fromCsv(all(connectionDiffCsv(diff))),
  wide: (diff) => fromWide(all(connectionDiffWide(diff))),
  html: (diff) => fromHtml(all(connectionDiffHtml(diff))),
  svg: (diff) => fromSvg(all(connectionDiffSvg(diff))),
  dot: (diff) => fromDot(all(connectionDiffDot(diff))),
  md: (diff) => fromMarkdown(connectionDiffMarkdown(diff, Number.POSITIVE_INFINITY), diff),
};

describe.each(Object.entries(formats))("%s", (name, readBack) => {
  test("says what the others say", () => {
    const seed = printedSeed(`diff as ${name}`);
    let lines = 0;
    fc.assert(
      fc.property(randomCluster, randomCluster, fc.boolean(), (one, two, byPod) => {
        const [before, after] = [one, two].map(({ objects }) => clusterOf(...objects)) as [Cluster, Cluster];
        const diff = connectionDiff(before, after, { byPod });
        const wanted = expected(diff);
        lines += wanted.length;
        expect(readBack(diff).sort()).toEqual(wanted);
      }),
      { seed, numRuns: 25 },
    );
    expect(lines).toBeGreaterThan(50);
  });

  test("takes names made of markup as names", () => {
    const wicked = ["<img src=x onerror=alert(1)>", 'a"b', "c|d,e", "[link](http://x) `code`", "&amp;"];
    const made = wicked.map((each, at) => ({ ...pod("x/p", { app: `${at}` }, []), name: each }));
    const deny = { ...policy("x/deny", everything, { ingress: [] }), name: '</script>"|<b>' };
    const diff = connectionDiff(clusterOf(...made.slice(1)), clusterOf(...made, deny));
    expect(readBack(diff).sort()).toEqual(expected(diff));
    if (name !== "html" && name !== "svg" && name !== "md") return;
    const text = {
      html: all(connectionDiffHtml(diff)),
      svg: all(connectionDiffSvg(diff)),
      md: connectionDiffMarkdown(diff),
    }[name];
    expect(text).not.toContain("<img");
    expect(text).not.toContain("<b>|");
    expect(text).not.toMatch(/<a |\ssrc="|\shref=/);
  });

  test("an empty diff", () => {
    expect(readBack(connectionDiff(new Cluster(), new Cluster()))).toEqual([]);
  });
});

describe("md", () => {
  const many = Array.from({ length: 30 }, (_, at) => pod(`x/p${at}`, { app: `a${at}` }, []));
  const deny = policy("x/deny", everything, { ingress: [] });
  const opens = many.map((_, at) =>
    policy(`x/open${at}`, labelled({ app: `a${at}` }), {
      ingress: [rule([pods({ app: `a${(at + 1) % 30}` })], [tcp(100 + at)])],
    }),
  );
  const diff = connectionDiff(clusterOf(...many, deny), clusterOf(...many, deny, ...opens));

  test("shows 20 rows and folds the others", () => {
    const text = connectionDiffMarkdown(diff);
    const [shown, folded] = text.split("<details>");
    expect(text.startsWith("**30 connections opened, 0 closed**\n")).toBe(true);
    expect(shown!.match(/^\| opened/gm)?.length).toBe(20);
    expect(folded).toMatch(/^<summary>10 more rows<\/summary>\n\n\| \| Source/);
    expect(folded!.match(/^\| opened/gm)?.length).toBe(10);
    expect(text).toContain("| opened | x/p1 | x/p0 | TCP 100 | new x/open0 ingress\\[0\\] |");
  });

  test("says what does not fit into a comment", () => {
    const text = connectionDiffMarkdown(diff, 1000);
    const rows = text.match(/^\| opened/gm)!.length;
    expect(text.length).toBeLessThan(1300);
    expect(text).toContain(`${30 - rows} more rows are left out here`);
  });
});

test("the short text joins what belongs together and cuts long lists", () => {
  const many = Array.from({ length: 6 }, (_, at) => pod(`x/p${at}`, { app: `a${at % 2}` }, []));
  const deny = policy("x/deny", everything, { ingress: [] });
  const open = policy("x/open", labelled({ app: "a0" }), {
    ingress: [rule([pods({ app: "a1" }), block("10.0.0.0/8")], [tcp(80)])],
  });
  expect(connectionDiffText(connectionDiff(clusterOf(...many, deny), clusterOf(...many, deny, open)))).toBe(
    "+ x/p1, x/p3, x/p5 and 10.0.0.0/8 → x/p0, x/p2 and x/p4: TCP 80\n    new x/open ingress[0]\n",
  );
  expect(connectionDiffText(connectionDiff(clusterOf(...many), clusterOf(...many, deny)))).toBe(
    "- anyone → x/p0, x/p1, x/p2 and 3 more: all ports\n    new x/deny isolates for ingress\n",
  );
});
