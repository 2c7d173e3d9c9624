import type { SandboxHandle } from "@portcullis/sandbox";
import type { Page } from "./page.ts";
import type { TutorialFiles } from "./tutorial-files.ts";

/** What every step of the tutorial works with. */
export interface Tutorial {
  readonly sandbox: SandboxHandle;
  readonly files: TutorialFiles;
  readonly page: Page;
  readonly signal: AbortSignal;
}
