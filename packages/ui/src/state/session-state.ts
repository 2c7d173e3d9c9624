import type { Finding, ManifestFile } from "@portcullis/engine";
import type { JudgedFiles } from "../engine/judge-assertions.ts";
import type { Picture } from "../engine/picture.ts";
import type { Loaded } from "../engine/protocol.ts";
import type { Live } from "../server-api.ts";

/** What the views show. A new object whenever something in it is new. */
export interface SessionState {
  readonly files: readonly ManifestFile[];
  /** Where the files are from, for people: "the tutorial", `sandbox "default"`. */
  readonly origin: string;
  /** What runs behind the page; undefined for files. */
  readonly live: Live | undefined;
  /** The pictures, of all ports or of those that are asked about; undefined before the first. */
  readonly base: Picture | undefined;
  readonly draft: Picture | undefined;
  readonly loaded: Loaded | undefined;
  /** What is odd about the draft; undefined before anybody looked. */
  readonly findings: readonly Finding[] | undefined;
  /** What the files promise, and whether it is so; undefined before anybody looked. */
  readonly judged: JudgedFiles | undefined;
  /** Whether `findings` and `judged` are of the draft that is drawn. */
  readonly advised: boolean;
  /** Whether the files are the user's own, and not what the page began with. */
  readonly opened: boolean;
  /** Whether the draft is other than the base. */
  readonly edited: boolean;
  /** Whether the draft is one of an earlier visit that was taken up again, and nothing was done to it since. */
  readonly resumed: boolean;
  /** Whether the draft would survive a reload: a browser's storage is small. */
  readonly kept: boolean;
  /** Whether the engine is at work on something newer than the pictures. */
  readonly busy: boolean;
  /** A bug of ours, in its own words. */
  readonly failure: string;
}

/** What is known of files that the engine has not been asked about. */
export const unseen = {
  base: undefined,
  draft: undefined,
  loaded: undefined,
  findings: undefined,
  judged: undefined,
  advised: false,
} as const;
