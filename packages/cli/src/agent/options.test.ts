import { expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { parseDuration } from "./duration.ts";
import { parseListenAddress, parseLoopbackAddress } from "./listen-address.ts";

test.each([
  ["0", 0],
  ["0s", 0],
  ["500ms", 500],
  ["5s", 5_000],
  ["1.5s", 1_500],
  ["2m", 120_000],
  ["24h", 86_400_000],
])("%s is %i ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "5", "-1s", "1e3s", "s", "5 s", "5S", "25h", "99999999h", "1.2345s", "５s"])(
  "%j is no duration",
  (text) => {
    expect(() => parseDuration(text)).toThrow("Use a number and a unit");
  },
);

test.each([
  ["127.0.0.1:9753", "127.0.0.1", 9753],
  ["[::1]:0", "::1", 0],
  [":9754", undefined, 9754],
  ["0.0.0.0:65535", "0.0.0.0", 65_535],
])("%s is an address to listen on", (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

test.each([
  "",
  "9753",
  "localhost:9753",
  "::1:9753",
  "[127.0.0.1]:1",
  "127.0.0.1:65536",
  "127.0.0.1:",
  "off ",
])("%j is none", (text) => {
  expect(() => parseListenAddress(text)).toThrow("Use an IP address and a port");
});

test("what tells of single pods is for the loopback only", () => {
  expect(parseLoopbackAddress("[::1]:1")).toEqual({ host: "::1", port: 1 });
  expect(parseLoopbackAddress("127.9.9.9:1")).toEqual({ host: "127.9.9.9", port: 1 });
  expect(parseLoopbackAddress("off")).toBe("off");
  for (const text of [":9753", "0.0.0.0:9753", "10.0.0.1:9753", "[fd00::1]:9753"])
    expect(() => parseLoopbackAddress(text)).toThrow("loopback");
});

const wrong: readonly (readonly [string[], RegExp])[] = [
  [["--server", "relative.sock"], /^error: --server relative\.sock: neither a URL/],
  [["--server", "/s", "--context", "c"], /^error: --server stands for itself/],
  [
    ["--server", "/s", "--node-name", "Not A Node"],
    /^error: "Not A Node" is no name of a Node\nGive its metadata\.name/,
  ],
  [
    ["--server", "/s", "--pod-cidr", "10.0.0.0"],
    /^error: --pod-cidr 10\.0\.0\.0: not a prefix\nUse a form such as/,
  ],
  [
    ["--server", "/s", "--pod-cidr", "none", "--pod-cidr", "10.0.0.0/8"],
    /^error: --pod-cidr none: not a prefix/,
  ],
  [["--kubeconfig", "/does/not/exist"], /^error: .*\/does\/not\/exist/],
  [["--established", "break"], /Allowed choices are cut, keep/],
  [["--denied", ""], /Allowed choices are drop, reject/],
  [["--api-address", ":9753"], /loopback/],
  [["--drift-interval", "often"], /Use a number and a unit/],
  [["cleanup", "--typo"], /unknown option '--typo'/],
  [["extra"], /too many arguments|unknown command/],
];

test.each(wrong)("portcullis agent %j is wrong usage, and says how", async (args, words) => {
  const io = new MemoryIo();
  expect(await run(["agent", ...args], io)).toBe(2);
  expect(io.stderr).toMatch(words);
  expect(io.stdout).toBe("");
});
