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

test.each(["", "Web", "a b", "-web", "web/", "/web", "a/b/c/d", "10.0.0.256/", "$(id)"])(
  "%j is refused",
  (text) => {
    expect(() => parsePeer(text, "home")).toThrow(expect.objectContaining({ exitCode: 2 }));
  },
);

test("an unknown kind in the middle is refused with the known ones", () => {
  expect(() => parsePeer("shop/configmap/web", "home")).toThrow(
    expect.objectContaining({ exitCode: 2, mend: expect.stringContaining("statefulset") }),
  );
});
