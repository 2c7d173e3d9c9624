import type { ApiObject, Registry } from "@portcullis/apiserver";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { untilFurnished } from "./until-furnished.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A registry of which only what is looked up counts. */
function registryWith(present: ReadonlySet<string>): Pick<Registry, "find" | "peek"> {
  return {
    find: (_group, _version, plural) => ({ plural }) as ReturnType<Registry["find"]>,
    peek: ({ plural }, name, namespace) =>
      present.has(`${namespace}/${plural}/${name}`) ? ({ metadata: { name } } as ApiObject) : undefined,
  };
}

test("waits for the ServiceAccount and the certificate, whichever comes last", async () => {
  const present = new Set<string>();
  let furnished = false;
  const waiting = untilFurnished(registryWith(present)).then(() => {
    furnished = true;
  });
  await vi.advanceTimersByTimeAsync(100);
  present.add("default/serviceaccounts/default");
  await vi.advanceTimersByTimeAsync(100);
  expect(furnished).toBe(false);
  present.add("default/configmaps/kube-root-ca.crt");
  await vi.advanceTimersByTimeAsync(5);
  expect(furnished).toBe(true);
  await waiting;
});

test("does not wait for ever", async () => {
  const waiting = untilFurnished(registryWith(new Set()));
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(waiting).resolves.toBeUndefined();
});
