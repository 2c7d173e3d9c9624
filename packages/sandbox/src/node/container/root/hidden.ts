import { existsSync, realpathSync } from "node:fs";
import { mount } from "../../system/libc.ts";

const hidden: string[] = [];

/** Covers a directory of the host in the node's mount namespace and in every container's. One that is not there is hidden already. */
export function hideFromContainers(directory: string): void {
  if (!existsSync(directory)) return;
  const path = realpathSync(directory);
  mount("portcullis", path, "tmpfs", 0, "mode=700");
  hidden.push(path);
}

/** To be covered anew in the root directory of a container: an overlay shows what lies below a mount. */
export function hiddenDirectories(): readonly string[] {
  return hidden;
}
