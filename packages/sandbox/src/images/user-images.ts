import { SandboxError } from "../error.ts";
import type { Image } from "./catalogue.ts";

/** An image of a user's own: a program of this machine under a name that pods can have as their image. */
export interface UserImage {
  /** As in a pod's `image`, without registry and tag. */
  readonly names: readonly string[];
  /** The command line that runs when the pod gives neither command nor args. */
  readonly program: readonly string[];
  /** Put before the pod's args when it gives no command (default: nothing). */
  readonly entrypoint?: readonly string[];
  /** TCP port, 1 to 65535, that the program listens on once it can answer; until then the pod is not ready. */
  readonly listens?: number;
  /** Directories that the program may make files in, for itself. */
  readonly writable?: readonly string[];
}

const fields = ["names", "program", "entrypoint", "listens", "writable"];

/**
 * Reads what an images file says: `{images: [{names, program, …}]}`.
 * @throws SandboxError `unusable` that names the entry and what is wrong with it.
 */
export function userImages(content: unknown): readonly UserImage[] {
  const { images } = (content ?? {}) as { readonly images?: unknown };
  if (!Array.isArray(images)) throw wrong("images", "must be a list");
  return images.map((image: unknown, index) => oneImage(image, `images[${index}]`));
}

/** As the catalogue has its own. */
export function asImage({ names, program, entrypoint = [], listens, writable }: UserImage): Image {
  return {
    names,
    program,
    entrypoint,
    ...(listens === undefined ? {} : { listens }),
    ...(writable === undefined ? {} : { writable }),
  };
}

function oneImage(value: unknown, path: string): UserImage {
  if (typeof value !== "object" || value === null) throw wrong(path, "must be an object");
  const unknown = Object.keys(value).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw wrong(`${path}.${unknown}`, `is unknown; there are ${fields.join(", ")}`);
  const { names, program, entrypoint, listens, writable } = value as Readonly<Record<string, unknown>>;
  if (!isWords(names) || names.length === 0) throw wrong(`${path}.names`, "must be a list of names");
  if (!isWords(program) || program.length === 0)
    throw wrong(`${path}.program`, "must be a list: the program and its arguments");
  if (entrypoint !== undefined && !isWords(entrypoint))
    throw wrong(`${path}.entrypoint`, "must be a list of words");
  if (listens !== undefined && !isPort(listens)) throw wrong(`${path}.listens`, "must be a port, 1 to 65535");
  if (writable !== undefined && !(isWords(writable) && writable.every((each) => each.startsWith("/"))))
    throw wrong(`${path}.writable`, "must be a list of absolute directories");
  return value as UserImage;
}

const isWords = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string" && each !== "");

const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;

const wrong = (path: string, why: string): SandboxError => new SandboxError("unusable", `${path} ${why}`);
