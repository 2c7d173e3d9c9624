import { expect, test } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import { readManifest } from "../../manifest/read-manifest.ts";
import { type ConnectionListOptions, connectionList } from "../../reach/connection-list.ts";
import { connectionsHtml } from "./connections-html.ts";

const pod = (namespace: string, name: string) =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}, spec: {containers: [{name: c, image: i}]}}\n---\n`;
const policy = `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]}}\n`;

class Element {
  readonly children: Element[] = [];
  readonly style: Record<string, string> = {};
  readonly dataset: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  readonly listeners: Record<string, (event: object) => void> = {};
  readonly drawn: string[] = [];
  value = "";
  clientWidth = 360;
  clientHeight = 400;
  scrollLeft = 0;
  scrollTop = 0;
  #text = "";

  get textContent(): string {
    return this.#text + this.children.map(({ textContent }) => `${textContent} `).join("");
  }

  set textContent(text: string) {
    this.#text = text;
    this.children.length = 0;
  }

  append(...children: Element[]): void {
    this.children.push(...children);
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  addEventListener(name: string, listener: (event: object) => void): void {
    this.listeners[name] = listener;
  }

  getContext(): object {
    const set = new Set(["fillText"]);
    return new Proxy(
      {},
      {
        get: (_, name) => (set.has(String(name)) ? (text: string) => this.drawn.push(text) : () => {}),
        set: () => true,
      },
    );
  }
}

/** The page's script in a document that has what the script needs of one, and no more. */
function open(options: ConnectionListOptions = {}) {
  const cluster = new Cluster();
  for (const object of readManifest(
    pod("shop", "db") + pod("shop", "web") + pod("tools", "job") + policy,
    "a",
  ).objects)
    cluster.upsert(object);
  const html = [...connectionsHtml(connectionList(cluster, options))].join("");
  const [, data, script] = /id="connections">(.*?)<\/script>\s*<script>(.*?)<\/script>/s.exec(html)!;
  const ids = [...html.matchAll(/ id="(\w+)"/g)].map(([, id]) => id!);
  const elements = new Map(ids.map((id) => [id, new Element()]));
  const $ = (id: string) => elements.get(id)!;
  $("connections").textContent = data!;
  $("show").value = "all";
  const document = { getElementById: $, createElement: () => new Element(), documentElement: new Element() };
  const now = (work: () => void) => void work();
  const observer = class {
    observe() {}
  };
  const Option = class extends Element {
    constructor(text: string) {
      super();
      this.textContent = text;
    }
  };
  new Function(
    ...["document", "matchMedia", "requestAnimationFrame", "cancelAnimationFrame", "getComputedStyle"],
    ...["devicePixelRatio", "ResizeObserver", "Option", "setTimeout", "clearTimeout"],
    script!,
  )(
    document,
    () => ({ matches: false, addEventListener() {} }),
    now,
    () => {},
    () => ({ getPropertyValue: () => "red" }),
    2,
    observer,
    Option,
    now,
    () => {},
  );
  const filter = (values: Record<string, string>) => {
    for (const [id, value] of Object.entries(values)) $(id).value = value;
    $("filters").listeners.input!({});
    return $("status").textContent;
  };
  const press = (key: string) => $("matrix").listeners.keydown!({ key, preventDefault() {} });
  return { $, filter, press };
}

test("it draws the names, and tells what the chosen pair may do", () => {
  const { $, press } = open();
  expect($("figures").textContent).toBe("10 connections, 4 sources, 4 destinations");
  expect($("canvas").drawn).toEqual(expect.arrayContaining(["shop/db", "shop/web", "tools/job", "outside"]));
  expect($("detail").textContent).toContain("itself");
  press("ArrowDown");
  expect($("detail").textContent.replace(/\s+/g, " ")).toBe(
    "from shop/web to shop/db allowed TCP 5432 source's egress not isolated destination's ingress shop/p ",
  );
  press("End");
  expect($("detail").textContent).toContain("outside");
  press("PageDown");
  expect($("detail").textContent).toContain("neither is in the cluster");
});

test.each<[Record<string, string>, string]>([
  [{ source: "web" }, "Shown: 3 connections, 1 sources, 4 destinations"],
  [{ destination: "shop/" }, "Shown: 4 connections, 4 sources, 2 destinations"],
  [{ namespace: "tools" }, "Shown: 5 connections, 4 sources, 3 destinations"],
  [{ port: "tcp/5432" }, "Shown: 10 connections, 4 sources, 4 destinations"],
  [{ port: "80" }, "Shown: 9 connections, 4 sources, 4 destinations"],
  [{ port: "udp/53", destination: "db", show: "some" }, "Shown: 0 connections, 0 sources, 0 destinations"],
  [{ destination: "db", show: "none" }, "Shown: 0 connections, 3 sources, 1 destinations"],
  [{ port: "nonsense/80" }, "Write a port as 80, tcp/80, udp/53-60, tcp or icmp."],
])("filters %j: %s", (values, status) => {
  const page = open();
  expect(page.filter(values)).toBe(status);
  expect(page.$("port").attributes["aria-invalid"]).toBe(String(status.startsWith("Write")));
});

test("of a part it says that nothing else is listed, and of what is denied that it is", () => {
  const part = open({ focus: ({ name }) => name === "db", direction: "Ingress" });
  expect(part.$("figures").textContent).toBe("1 connections, 1 sources, 1 destinations");
  const denied = open({ denied: true });
  denied.press("ArrowDown");
  expect(denied.$("detail").textContent).toMatch(/denied.*all but TCP 5432/);
});
