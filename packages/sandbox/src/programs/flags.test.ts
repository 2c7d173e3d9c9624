import { expect, test } from "vitest";
import { portOf, readFlags } from "./flags.ts";

test("flags come with one dash or two, with a value after them, after an equals sign, or without one", () => {
  const { flags, args } = readFlags([
    "-text=a b=c",
    "--port",
    "80",
    "host:1",
    "--tcp",
    "--udp-port",
    "--http=false",
  ]);
  expect(Object.fromEntries(flags)).toEqual({
    text: "a b=c",
    port: "80",
    tcp: "true",
    "udp-port": "true",
    http: "false",
  });
  expect(args).toEqual(["host:1"]);
});

test("a port is a number, or the end of an address", () => {
  expect([portOf("80"), portOf(":5678"), portOf("127.0.0.1:1")]).toEqual([80, 5678, 1]);
  expect(() => portOf("http")).toThrow("http is no port");
  expect(() => portOf("70000")).toThrow("no port");
});
