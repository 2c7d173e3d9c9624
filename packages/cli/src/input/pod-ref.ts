import type { PodRef } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { parsePeer } from "./peer.ts";

/** Reads a pod's name: `name`, `namespace/name` or `pod/name`. Fails with CliError (exit code 2) for anything else. */
export function parsePodRef(text: string, defaultNamespace: string): PodRef {
  const peer = parsePeer(text, defaultNamespace);
  if (peer.kind === "object" && (peer.type === "" || peer.type === "Pod")) {
    return { namespace: peer.namespace, name: peer.name };
  }
  throw new CliError(exitCode.usage, `"${text}" names no pod`, "Write NAME or NAMESPACE/NAME.");
}
