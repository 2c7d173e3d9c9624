import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError } from "../config-store.ts";
import { AtomicDirectory } from "./atomic-directory.ts";
import { type FileSources, volumeFiles } from "./volume-files.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "volume-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const sources: FileSources = {
  pod: {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", labels: { b: 'say "hi"', a: "1" } },
    spec: { containers: [{ name: "c", resources: { limits: { memory: "64Mi" } } }] },
  },
  addresses: ["10.244.0.1"],
  configs: {
    data: (kind, namespace, name) => {
      if (`${kind}/${namespace}/${name}` !== "ConfigMap/shop/settings")
        throw new ConfigError(`${kind.toLowerCase()} "${name}" not found`);
      return new Map([
        ["color", Buffer.from("blue")],
        ["size", Buffer.from("9")],
      ]);
    },
  },
  token: ({ audience = "" }) => `token for ${audience || "the API"}`,
};

const texts = (volume: Parameters<typeof volumeFiles>[0]) =>
  Object.fromEntries(
    [...volumeFiles(volume, sources)].map(([path, { data, mode }]) => [path, [data.toString(), mode]]),
  );

test("a ConfigMap is a file for each key, or those that are asked for, at their paths and with their modes", () => {
  const name = "settings";
  expect(texts({ name: "v", configMap: { name } })).toEqual({ color: ["blue", 0o644], size: ["9", 0o644] });
  const items = [{ key: "color", path: "deep/c", mode: 0o400 }];
  expect(texts({ name: "v", configMap: { name, items, defaultMode: 0o600 } })).toEqual({
    "deep/c": ["blue", 0o400],
  });
});

test("a projected volume is all its sources in one", () => {
  const projected = {
    defaultMode: 0o440,
    sources: [
      { serviceAccountToken: { path: "token", audience: "vault" } },
      { configMap: { name: "settings", items: [{ key: "size", path: "size" }] } },
      {
        downwardAPI: {
          items: [
            { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
            {
              path: "limit",
              resourceFieldRef: { containerName: "c", resource: "limits.memory", divisor: "1Mi" },
            },
          ],
        },
      },
    ],
  };
  expect(texts({ name: "v", projected })).toEqual({
    token: ["token for vault", 0o440],
    size: ["9", 0o440],
    labels: ['a="1"\nb="say \\"hi\\""', 0o440],
    limit: ["64", 0o440],
  });
});

test("what is missing is told, unless it is optional", () => {
  expect(() => texts({ name: "v", secret: { secretName: "none" } })).toThrow('secret "none" not found');
  expect(texts({ name: "v", secret: { secretName: "none", optional: true } })).toEqual({});
  const items = [{ key: "none", path: "x" }];
  expect(() => texts({ name: "v", configMap: { name: "settings", items } })).toThrow(
    "references non-existent config key: none",
  );
});

test("a new version replaces the old one by one rename; what is gone is gone, and the same again is no change", () => {
  const volume = new AtomicDirectory(directory);
  const file = (text: string, mode = 0o644) => ({ data: Buffer.from(text), mode });
  expect(
    volume.write(
      new Map([
        ["a", file("1")],
        ["deep/b", file("2", 0o400)],
      ]),
    ),
  ).toBe(true);
  const first = readlinkSync(join(directory, "..data"));
  expect(readFileSync(join(directory, "deep/b"), "utf8")).toBe("2");
  expect(statSync(join(directory, "deep/b")).mode & 0o777).toBe(0o400);
  expect(
    volume.write(
      new Map([
        ["a", file("1")],
        ["deep/b", file("2", 0o400)],
      ]),
    ),
  ).toBe(false);
  expect(
    volume.write(
      new Map([
        ["a", file("changed")],
        ["c", file("3")],
      ]),
    ),
  ).toBe(true);
  expect(readlinkSync(join(directory, "a"))).toBe("..data/a");
  expect(readFileSync(join(directory, "a"), "utf8")).toBe("changed");
  const second = readlinkSync(join(directory, "..data"));
  expect(readdirSync(directory).sort()).toEqual(["..data", "a", "c", second].sort());
  expect(second).not.toBe(first);
});
