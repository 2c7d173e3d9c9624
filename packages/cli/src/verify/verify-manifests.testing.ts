import type { NetworkPolicy, Verification } from "@portcullis/engine";
import { loadManifests } from "../input/load-manifests.ts";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { expandManifests } from "./expand.ts";
import { loadAssertions } from "./load-assertions.ts";
import { type Lie, LyingSandbox } from "./lying-sandbox.testing.ts";
import type { ProbePort } from "./port-spec.ts";
import { runVerify } from "./run-verify.ts";

export interface TestRun {
  readonly assertions?: string;
  readonly maxReplicas?: number;
  readonly ports?: readonly ProbePort[];
  readonly lie?: Lie;
}

/** Verifies manifests (text by file name) in a sandbox that may lie. */
export async function verifyManifests(
  files: Readonly<Record<string, string>>,
  { assertions, maxReplicas = 2, ports = [], lie }: TestRun = {},
): Promise<{ readonly verification: Verification; readonly sandbox: LyingSandbox }> {
  const manifests = loadManifests(Object.entries(files).map(([path, text]) => ({ path, text })));
  if (manifests.diagnostics.length > 0) throw new Error(JSON.stringify(manifests.diagnostics));
  const standIns = expandManifests(manifests.objects, manifests.raw, maxReplicas);
  const sandbox = new LyingSandbox(lie);
  const io = new MemoryIo();
  const asserted = assertions === undefined ? [] : [{ path: "assertions.yaml", text: assertions }];
  const verification = await runVerify(sandbox, new AbortController().signal, {
    standIns,
    policies: manifests.objects.filter((object): object is NetworkPolicy => object.kind === "NetworkPolicy"),
    assertions: loadAssertions(asserted, manifests, standIns, io),
    ports,
    progress: { show: () => {}, end: () => {} },
  });
  return { verification, sandbox };
}
