import { findTool } from "../tools.ts";
import { imageName } from "./image-name.ts";

/** What an image stands for on this machine. */
export interface Image {
  /** As in a pod's `image`, without registry and tag. */
  readonly names: readonly string[];
  /** What runs when the pod gives neither command nor args. */
  readonly program: "echo" | "dns" | readonly string[];
  /** Put before the pod's args when it gives no command, as an image's ENTRYPOINT is. */
  readonly entrypoint: readonly string[];
  /** TCP port that the program listens on once it can answer. */
  readonly listens?: number;
  /** Files of its own: path → text. */
  readonly files?: () => Readonly<Record<string, string>>;
  /** Directories that it may write to, for itself. */
  readonly writable?: readonly string[];
  /** Directories of the host whose content it does not see. */
  readonly emptied?: readonly string[];
  /** Debian package of the program, when it is not on every machine. */
  readonly needs?: { readonly program: string; readonly debianPackage: string };
}

/** Does nothing until it is killed, so that there is something to exec into. */
export const pause: readonly string[] = ["sleep", "infinity"];

const shells = ["busybox", "alpine", "debian", "ubuntu", "bash", "nicolaka/netshoot", "pause"];

export const catalogue: readonly Image[] = [
  {
    names: ["nginx"],
    program: ["nginx", "-g", "daemon off;"],
    entrypoint: [],
    listens: 80,
    emptied: ["/var/lib/nginx", "/var/log/nginx"],
    needs: { program: "nginx", debianPackage: "nginx-light" },
  },
  {
    names: ["curlimages/curl", "curl"],
    program: pause,
    entrypoint: ["curl"],
    needs: { program: "curl", debianPackage: "curl" },
  },
  { names: shells, program: pause, entrypoint: [] },
  { names: ["portcullis/echo"], program: "echo", entrypoint: [] },
  { names: ["portcullis/dns"], program: "dns", entrypoint: [] },
];

export type FoundImage = { readonly image: Image; readonly standIn: boolean } | { readonly message: string };

/**
 * Looks an image up; what is not there comes with a message that says what to do.
 * @param standIn Whether unknown images run the echo server in place of the real thing.
 */
export function findImage(reference: string, standIn: boolean): FoundImage {
  const name = imageName(reference);
  const image = catalogue.find((each) => each.names.includes(name));
  if (image === undefined) {
    if (standIn) return { image: findEcho(), standIn: true };
    const known = catalogue.flatMap((each) => each.names).sort();
    return {
      message:
        `there is no image "${reference}" here: a sandbox runs programs of this machine and pulls nothing. ` +
        `It has ${known.join(", ")}. Use one of these; portcullis/echo listens on every containerPort.`,
    };
  }
  const { needs } = image;
  if (needs !== undefined && findTool(needs.program) === undefined)
    return {
      message: `image "${reference}" is this machine's ${needs.program}, which is not installed: apt install ${needs.debianPackage}`,
    };
  return { image, standIn: false };
}

function findEcho(): Image {
  const echo = catalogue.find((each) => each.program === "echo");
  if (echo === undefined) throw new Error("the catalogue has no echo server");
  return echo;
}
