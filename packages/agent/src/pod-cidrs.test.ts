import { ApiError, BackOff, type KubeClient, type KubeObject, Unreachable } from "@portcullis/kube";
import { expect, test } from "vitest";
import { Conditions } from "./conditions.ts";
import { untilPodCidrs } from "./pod-cidrs.ts";

type Answer = Readonly<Record<string, unknown>> | "nobody" | Error;

/** Asks a client that gives these answers, one after another; gives the prefixes, and what was said on the way. */
async function ask(...answers: readonly Answer[]) {
  const said: string[] = [];
  const asked: unknown[] = [];
  const conditions = new Conditions((event) => {
    if (event.type !== "condition") return;
    const { type, status, reason } = event.condition;
    said.push(status ? `${type} ${reason}` : `not ${type}`);
  });
  const left = [...answers];
  const client = {
    list: async (_: unknown, options: unknown) => {
      asked.push(options);
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      const node = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1" }, spec: answer };
      return { items: answer === "nobody" ? [] : [node as KubeObject], resourceVersion: "1" };
    },
  } as unknown as KubeClient;
  const backOff = new BackOff({ firstMs: 1, longestMs: 1 });
  const { signal } = new AbortController();
  const prefixes = await untilPodCidrs({ client, nodeName: "node-1", conditions, signal, backOff });
  return { prefixes, said, asked };
}

test("both families, or the one of old servers", async () => {
  const both = await ask({ podCIDR: "10.244.1.0/24", podCIDRs: ["10.244.1.0/24", "fd00:1::/64"] });
  expect(both).toMatchObject({ prefixes: ["10.244.1.0/24", "fd00:1::/64"], said: [] });
  expect(both.asked).toMatchObject([{ fieldSelector: "metadata.name=node-1" }]);
  expect(await ask({ podCIDR: "10.244.1.0/24" })).toMatchObject({ prefixes: ["10.244.1.0/24"] });
});

test("waits for the Node and its prefixes, and says what it waits for", async () => {
  const { prefixes, said } = await ask("nobody", {}, { podCIDRs: [] }, { podCIDRs: ["10.244.1.0/24"] });
  expect(prefixes).toEqual(["10.244.1.0/24"]);
  expect(said).toEqual(["NotSynced NoNode", "NotSynced NoPodCidrs"]);
});

test("failures are told, and taken back when the API answers", async () => {
  const refusal = (code: number) => new ApiError({ kind: "Status", message: "no", code });
  const { said } = await ask(new Unreachable("away"), refusal(500), refusal(403), refusal(401), {
    podCIDRs: ["10.244.1.0/24"],
  });
  expect(said).toEqual([
    "ApiUnreachable NoAnswer",
    "ApiUnreachable Refused",
    "ApiForbidden Forbidden",
    "not ApiUnreachable",
    "ApiForbidden Unauthorized",
    "not ApiForbidden",
  ]);
});

test("ends with the signal's reason", async () => {
  const abort = new AbortController();
  const client = {
    list: async () => {
      abort.abort(new Error("enough"));
      throw new Error("a request that was given up");
    },
  } as unknown as KubeClient;
  const conditions = new Conditions(() => expect.unreachable());
  const waiting = untilPodCidrs({ client, nodeName: "n", conditions, signal: abort.signal });
  await expect(waiting).rejects.toThrow("enough");
});
