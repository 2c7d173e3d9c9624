import { expect, test } from "vitest";
import { collectPort } from "./port-spec.ts";

test("PORT, PORT/tcp and PORT/udp, one after the other", () => {
  const ports = ["80", "443/tcp", "53/UDP"].reduce<ReturnType<typeof collectPort>>(
    (earlier, text) => collectPort(text, earlier),
    [],
  );
  expect(ports).toEqual([
    { protocol: "TCP", port: 80 },
    { protocol: "TCP", port: 443 },
    { protocol: "UDP", port: 53 },
  ]);
});

test.each(["", "0", "65536", "http", "80/sctp", "80/", "-1", "8e1", " 80", "123456"])("not %j", (text) => {
  expect(() => collectPort(text)).toThrow("Write PORT");
});
