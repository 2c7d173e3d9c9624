import { expect, test } from "vitest";
import { parsePeer } from "./peer.ts";

const object = (type: string, namespace: string, name: string) => ({ kind: "object", type, namespace, name });

test.each([
  ["web", object("", "home", "web")],
  ["shop/web", object("", "shop", "web")],
  ["svc/web", object("Service", "home", "web")],
  ["Service/web", object("Service", "home", "web")],
  ["deploy/web", object("Deployment", "home", "web")],
  ["shop/svc/web", object("Service", "shop", "web")],
  ["svc/pod/web", object("Pod", "svc", "web")],
  ["shop/sts/db-0", object("StatefulSet", "shop", "db-0")],
])("%s", (text, peer) => {
  expect(parsePeer(text, "home")).toEqual(peer);
});

test.each([
  ["10.0.0.1", "10.0.0.1"],
  ["fd00::1", "fd00::1"],
  ["[FD00:0:0::1]", "fd00::1"],
])("%s is an address", (text, canonical) => {
  expect(parsePeer(text, "home")).toMatchObject({ kind: "address", address: { text: canonical } });
});

test.each([
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["[fd00::/64]", "fd00::/64"],
  ["fd00::/64", "fd00::/64"],
])("%s is a CIDR", (text, canonical) => {
  expect(parsePeer(text, "home")).toMatchObject({ kind: "cidr", cidr: { text: canonical } });
});

test.each([
  ["shop/[app=web,tier!=x]", "shop", 2],
  ["[app in (a,b)]", "home", 1],
  ["*/[]", undefined, 0],
])("%s is a selector", (text, namespace, requirements) => {
  const peer = parsePeer(text, "home");
  expect(peer).toMatchObject({ kind: "selected", namespace, text });
  expect(peer.kind === "selected" && peer.selector.matchExpressions).toHaveLength(requirements);
});

test("a selector that is none is refused with what is wrong", () => {
  expect(() => parsePeer("shop/[app=]b]", "home")).toThrow(
    expect.objectContaining({ exitCode: 2, mend: expect.stringContaining("-l") }),
  );
});

test.each([
  "",
  "Web",
  "a b",
  "-web",
  "web/",
  "/web",
  "a/b/c/d",
  "10.0.0.256/",
  "10.0.0.0/33",
  "Shop/[a]",
  "$(id)",
])("%j is refused", (text) => {
  expect(() => parsePeer(text, "home")).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test("an unknown kind in the middle is refused with the known ones", () => {
  expect(() => parsePeer("shop/configmap/web", "home")).toThrow(
    expect.objectContaining({ exitCode: 2, mend: expect.stringContaining("statefulset") }),
  );
});
