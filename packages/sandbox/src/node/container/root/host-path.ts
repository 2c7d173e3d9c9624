import { lstatSync, readlinkSync } from "node:fs";
import { posix } from "node:path";

/** As many links as the kernel follows (path_resolution(7)). */
const mostLinks = 40;

/**
 * Where a path of a container leads, with the links of the host's files followed: there `/var/run` is `/run`, and what is
 * mounted on the one has to be seen on the other. Parts that do not exist are kept as they are. Never above the root.
 */
export function hostPath(path: string): string {
  let rest = posix.normalize(`/${path}`).split("/").filter(Boolean);
  let done = "";
  for (let links = 0; rest.length > 0; ) {
    const [first = "", ...others] = rest;
    const target = links < mostLinks ? linkTarget(`${done}/${first}`) : undefined;
    if (target === undefined) {
      done = `${done}/${first}`;
      rest = others;
      continue;
    }
    links++;
    const joined = posix.resolve(done === "" ? "/" : done, target);
    rest = [...joined.split("/").filter(Boolean), ...others];
    done = "";
  }
  return done === "" ? "/" : done;
}

function linkTarget(path: string): string | undefined {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink ? readlinkSync(path) : undefined;
}
