import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { guardHost } from "./guard-host.ts";

const passes = (headers: IncomingMessage["headers"]): boolean => {
  try {
    guardHost({ headers } as IncomingMessage);
    return true;
  } catch {
    return false;
  }
};

test.each(["127.0.0.1:9753", "10.0.0.1", "[::1]:9753", "[fd00::1]", "localhost:1", "LocalHost"])(
  "%s is who we are",
  (host) => expect(passes({ host })).toBe(true),
);

test.each([
  "evil.example:9753",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "",
  "1",
  "[evil.example]",
  "[::1",
])("%j may be a name that somebody points at us", (host) => expect(passes({ host })).toBe(false));

test("a request without a Host, or from a web page, is refused", () => {
  expect(passes({})).toBe(false);
  expect(passes({ host: "127.0.0.1", origin: "http://127.0.0.1" })).toBe(false);
  expect(passes({ host: "127.0.0.1", origin: "null" })).toBe(false);
});
