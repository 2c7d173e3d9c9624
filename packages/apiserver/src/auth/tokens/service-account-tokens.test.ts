import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { ApiObject } from "../../api-object.ts";
import { SigningKey } from "./jwt.ts";
import { defaultIssuer, ServiceAccountTokens } from "./service-account-tokens.ts";

const key = new SigningKey(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const start = Date.parse("2026-01-01T00:00:00Z");
let seconds = 0;
let stored: Record<string, ApiObject>;

const tokens = new ServiceAccountTokens({
  key,
  issuer: defaultIssuer,
  get: ({ resource, namespace, name }) => stored[`${resource}/${namespace}/${name}`],
  clock: () => new Date(start + seconds * 1000),
});
const object = (kind: string, name: string, uid: string, meta = {}): ApiObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "team", uid, ...meta },
});
const account = object("ServiceAccount", "robot", "uid-robot");
const bound = { kind: "Pod", name: "web", uid: "uid-web" } as const;
const issue = (more = {}) => tokens.issue({ account, audiences: [], expirationSeconds: 600, ...more }).token;

beforeEach(() => {
  seconds = 0;
  stored = { "serviceaccounts/team/robot": account, "pods/team/web": object("Pod", "web", "uid-web") };
});

it("is the user and the groups of its service account", () => {
  const { user, audiences } = tokens.authenticate(issue())!;
  expect(user).toEqual({
    name: "system:serviceaccount:team:robot",
    uid: "uid-robot",
    groups: ["system:serviceaccounts", "system:serviceaccounts:team", "system:authenticated"],
    extra: { "authentication.kubernetes.io/credential-id": [expect.stringMatching(/^JTI=[0-9a-f-]{36}$/)] },
  });
  expect(audiences).toEqual([defaultIssuer]);
});

it("says where a bound pod runs", () => {
  const node = { name: "portcullis", uid: "uid-node" };
  const { user } = tokens.authenticate(issue({ bound, node }))!;
  expect(user.extra).toMatchObject({
    "authentication.kubernetes.io/pod-name": ["web"],
    "authentication.kubernetes.io/pod-uid": ["uid-web"],
    "authentication.kubernetes.io/node-name": ["portcullis"],
    "authentication.kubernetes.io/node-uid": ["uid-node"],
  });
});

it("ends when its time is over, ten seconds of grace included, and does not begin before it", () => {
  const token = issue();
  for (const [at, good] of [
    [599, true],
    [609, true],
    [610, false],
    [-10, true],
    [-11, false],
  ] as const) {
    seconds = at;
    expect(tokens.authenticate(token) !== undefined, `after ${at} s`).toBe(good);
  }
});

describe("is worth nothing", () => {
  const refused = (token: string) => expect(tokens.authenticate(token)).toBeUndefined();

  it("for another audience", () => {
    const token = issue({ audiences: ["vault"] });
    refused(token);
    expect(tokens.authenticate(token, ["x", "vault"])?.audiences).toEqual(["vault"]);
    refused(issue({ audiences: [] }).replace(/./, "x"));
  });

  it("when the account is gone, or is another one of that name", () => {
    const token = issue();
    delete stored["serviceaccounts/team/robot"];
    refused(token);
    stored["serviceaccounts/team/robot"] = object("ServiceAccount", "robot", "uid-other");
    refused(token);
  });

  it("when the pod is gone or is another one; while it ends it is good for a minute", () => {
    const token = issue({ bound });
    const deletionTimestamp = new Date(start).toISOString();
    stored["pods/team/web"] = object("Pod", "web", "uid-web", { deletionTimestamp });
    expect(tokens.authenticate(token)).toBeDefined();
    seconds = 60;
    refused(token);
    seconds = 0;
    stored["pods/team/web"] = object("Pod", "web", "uid-web-2");
    refused(token);
    delete stored["pods/team/web"];
    refused(token);
  });

  it("with claims that do not fit together, though our key signed them", () => {
    const own = { namespace: "team", serviceaccount: { name: "robot", uid: "uid-robot" } };
    const now = start / 1000;
    const good = {
      iss: defaultIssuer,
      aud: [defaultIssuer],
      exp: now + 600,
      sub: "system:serviceaccount:team:robot",
      "kubernetes.io": own,
    };
    expect(tokens.authenticate(key.sign(good))).toBeDefined();
    expect(tokens.authenticate(key.sign({ ...good, aud: defaultIssuer }))).toBeDefined();
    for (const change of [
      { iss: "https://elsewhere" },
      { aud: [] },
      { exp: undefined },
      { exp: "4000000000" },
      { sub: "system:serviceaccount:team:admin" },
      { "kubernetes.io": { ...own, namespace: "other" } },
      { "kubernetes.io": {} },
    ])
      refused(key.sign({ ...good, ...change }));
  });
});
