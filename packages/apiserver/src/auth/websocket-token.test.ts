import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { tokenProtocol, webSocketToken } from "./websocket-token.ts";

const read = (protocols: string | undefined, upgrade = "websocket") =>
  webSocketToken({ headers: { upgrade, "sec-websocket-protocol": protocols } } as unknown as IncomingMessage);
const token = (text: string) => `${tokenProtocol}${Buffer.from(text).toString("base64url")}`;

it("is read out of the subprotocol that carries it", () => {
  expect(read(`v4.channel.k8s.io, ${token("sécret?")}`)).toBe("sécret?");
  expect(read(`${token("a")},base64.binary.k8s.io`, "WebSocket")).toBe("a");
});

it("is none where there is none, or no WebSocket", () => {
  expect(read(undefined)).toBeUndefined();
  expect(read("v4.channel.k8s.io")).toBeUndefined();
  expect(read(`v4.channel.k8s.io, ${token("a")}`, "SPDY/3.1")).toBeUndefined();
});

it("is a wrong one when it cannot be read, stands alone or is one of several", () => {
  for (const protocols of [
    token("a"),
    `${token("a")}, ${token("b")}, x`,
    `x, ${tokenProtocol}`,
    `x, ${tokenProtocol}a+b=`,
  ])
    expect(read(protocols)).toBe("");
});
