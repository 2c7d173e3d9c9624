import { findTool } from "../tools.ts";
import { catalogue, type Image, pause } from "./catalogue.ts";
import { containerPath } from "./search-path.ts";
import { asImage, type UserImage } from "./user-images.ts";

/** An image that a sandbox can run, as a user is told of it. */
export interface ImageInfo {
  /** As in a pod's `image`, without registry and tag. */
  readonly names: readonly string[];
  /** What runs when the pod says nothing else. */
  readonly runs: string;
  /** Whether this machine has the program. */
  readonly installed: boolean;
  /** Where the program comes from, when it is not on every machine. */
  readonly debianPackage?: string;
}

/** Every image that a sandbox can run, in the order of their names. @param own The user's own. */
export function imageCatalogue(own: readonly UserImage[] = []): readonly ImageInfo[] {
  return [...own.map(asImage), ...catalogue]
    .map(({ names, program, entrypoint, needs }) => ({
      names: [...names].sort(),
      runs: describe(program, entrypoint),
      installed: needs === undefined || findTool(needs.program, containerPath) !== undefined,
      ...(needs === undefined ? {} : { debianPackage: needs.debianPackage }),
    }))
    .sort((a, b) => (a.names.join() < b.names.join() ? -1 : 1));
}

function describe(program: Image["program"], entrypoint: readonly string[]): string {
  if (program === "echo") return "a server that answers with the pod's name";
  if (program === "dns") return "the server of the cluster's names";
  if (program !== pause) return program[0]!.replace(/^\//, "");
  return entrypoint.length === 0 ? "nothing: a shell to exec into" : `${entrypoint[0]}, with the pod's args`;
}
