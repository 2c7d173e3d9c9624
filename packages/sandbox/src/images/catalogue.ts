import { findTool } from "../tools.ts";
import { imageName } from "./image-name.ts";
import { nginxImage } from "./nginx.ts";
import { containerPath } from "./search-path.ts";
import { asImage, type UserImage } from "./user-images.ts";

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
  /** Commands of its own: path → text. */
  readonly executables?: Readonly<Record<string, string>>;
  /** Directories that it may write to, for itself. */
  readonly writable?: readonly string[];
  /** Directories of the host whose content it does not see. */
  readonly emptied?: readonly string[];
  /** Links in directories that are emptied: path → where it leads. */
  readonly links?: Readonly<Record<string, string>>;
  /** Programs of our own, by the command that each is in the image; one in /usr/local/bin stands in for the machine's. */
  readonly own?: Readonly<Record<string, OwnScript>>;
  /** Debian package of the program, when it is not on every machine. */
  readonly needs?: { readonly program: string; readonly debianPackage: string };
}

export type OwnScript = "agnhost" | "http-echo" | "whoami" | "nc" | "nslookup";

const tools = { "/usr/local/bin/nc": "nc", "/usr/local/bin/nslookup": "nslookup" } as const;

/** Does nothing until it is killed, so that there is something to exec into. */
export const pause: readonly string[] = ["sleep", "infinity"];

const shells = [
  "busybox",
  "alpine",
  "debian",
  "ubuntu",
  "bash",
  "nicolaka/netshoot",
  "praqma/network-multitool",
  "wbitt/network-multitool",
  "pause",
];

export const catalogue: readonly Image[] = [
  nginxImage("nginx", 80),
  nginxImage("nginxinc/nginx-unprivileged", 8080),
  {
    names: ["curlimages/curl", "curl"],
    program: pause,
    entrypoint: ["curl"],
    needs: { program: "curl", debianPackage: "curl" },
  },
  {
    names: ["httpd"],
    program: ["apache2ctl", "-DFOREGROUND"],
    entrypoint: [],
    listens: 80,
    writable: ["/var/www/html", "/var/log/apache2", "/var/cache/apache2", "/var/lib/apache2"],
    emptied: ["/var/log/apache2"],
    needs: { program: "apache2ctl", debianPackage: "apache2" },
  },
  {
    names: ["redis"],
    program: ["redis-server", "--protected-mode", "no"],
    entrypoint: [],
    listens: 6379,
    needs: { program: "redis-server", debianPackage: "redis-server" },
  },
  {
    names: ["python"],
    program: ["python3"],
    entrypoint: [],
    executables: { "/usr/local/bin/python": '#!/bin/sh\nexec python3 "$@"\n' },
    needs: { program: "python3", debianPackage: "python3" },
  },
  { names: ["node"], program: ["node"], entrypoint: [], needs: { program: "node", debianPackage: "nodejs" } },
  { names: shells, program: pause, entrypoint: [], own: tools },
  {
    names: ["e2e-test-images/agnhost", "agnhost"],
    program: ["/agnhost", "pause"],
    entrypoint: ["/agnhost"],
    own: { "/agnhost": "agnhost", ...tools },
  },
  {
    names: ["hashicorp/http-echo"],
    program: ["/http-echo"],
    entrypoint: ["/http-echo"],
    listens: 5678,
    own: { "/http-echo": "http-echo" },
  },
  {
    names: ["traefik/whoami", "containous/whoami"],
    program: ["/whoami"],
    entrypoint: ["/whoami"],
    listens: 80,
    own: { "/whoami": "whoami" },
  },
  { names: ["portcullis/echo"], program: "echo", entrypoint: [] },
  { names: ["portcullis/dns"], program: "dns", entrypoint: [] },
];

let own: readonly Image[] = [];

/** Images of the user's own; they go before those of the catalogue. */
export function useImages(images: readonly UserImage[]): void {
  own = images.map(asImage);
}

export type FoundImage = { readonly image: Image; readonly standIn: boolean } | { readonly message: string };

/**
 * Looks an image up; what is not there comes with a message that says what to do.
 * @param standIn Whether unknown images run the echo server in place of the real thing.
 */
export function findImage(reference: string, standIn: boolean): FoundImage {
  const name = imageName(reference);
  const image = [...own, ...catalogue].find((each) => each.names.includes(name));
  if (image === undefined) {
    if (standIn) return { image: findEcho(), standIn: true };
    const known = [...own, ...catalogue].flatMap((each) => each.names).sort();
    return {
      message:
        `there is no image "${reference}" here: a sandbox runs programs of this machine and pulls nothing. ` +
        `It has ${known.join(", ")}. Use one of these; portcullis/echo listens on every containerPort.`,
    };
  }
  const { needs } = image;
  if (needs !== undefined && findTool(needs.program, containerPath) === undefined)
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
