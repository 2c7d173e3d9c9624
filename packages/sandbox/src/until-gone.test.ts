import { ApiError, type KubeClient, type KubeObject, resources, type WatchEvent } from "@portcullis/kube";
import { expect, test } from "vitest";
import { untilGone } from "./until-gone.ts";

const pod = (uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "shop", uid, resourceVersion },
});

/** A server that has `found` and tells `events`; then the watch goes on in silence. */
function server(
  found: KubeObject | undefined,
  events: readonly WatchEvent[],
): Pick<KubeClient, "get" | "watch"> {
  return {
    get: async () => {
      if (found !== undefined) return found;
      throw new ApiError({ kind: "Status", reason: "NotFound", code: 404 });
    },
    async *watch(_, { signal }) {
      yield* events;
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
    },
  };
}

const gone = (...of: Parameters<typeof server>) =>
  untilGone(server(...of) as KubeClient, resources.pods, pod("a", "5"));

test("the deletion's own revision is given, though others of the name come and go", async () => {
  const events: WatchEvent[] = [
    { type: "MODIFIED", object: pod("a", "6") },
    { type: "DELETED", object: pod("b", "7") },
    { type: "DELETED", object: pod("a", "8") },
  ];
  expect(await gone(pod("a", "5"), events)).toBe("8");
});

test("what is gone before the server's memory begins counts by its last revision", async () => {
  expect(await gone(undefined, [])).toBe("5");
  expect(await gone(pod("b", "9"), [])).toBe("5");
});
