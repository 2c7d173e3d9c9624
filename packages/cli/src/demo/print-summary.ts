import type { Page } from "./page.ts";

/** What the tutorial came to. */
export interface Tally {
  readonly predictions: number;
  readonly confirmed: number;
  /** Predictions that needed a second try. */
  readonly retried: number;
}

/** The last lines: the score, and where to go from here. `seconds` is the time since the start, `self` our command. */
export function printSummary(
  page: Page,
  { predictions, confirmed, retried }: Tally,
  seconds: number,
  self: string,
): void {
  const wrong = predictions - confirmed;
  const score = `${predictions} predictions, ${confirmed} confirmed by packets`;
  page.heading(wrong === 0 ? "✓" : "✗", `${score}, ${seconds.toFixed(1)} s`);
  if (wrong > 0) {
    page.paragraph(
      `${wrong} ${wrong === 1 ? "was" : "were"} not: either the engine or the packet filter is wrong there. Please report it, with this output.`,
    );
  }
  if (retried > 0) {
    page.paragraph(
      `${retried} of them met silence where an answer was predicted, and ${retried === 1 ? "was" : "were"} tried a second time.`,
    );
  }
  page.paragraph("What next");
  page.command([self, "up", "-f examples/tutorial/frontend.yaml"], ["  a sandbox of your own, until Ctrl-C"]);
  page.command(
    [self, "can client --to db:4614", ...tutorial("database.yaml", "db-policy-and.yaml")],
    ["  ask about manifests, with no sandbox at all"],
  );
  page.command([self, "doctor"], ["  what this machine can do"]);
  page.lines(["The manifests, and this tutorial as prose: examples/tutorial/README.md"], 4);
}

const tutorial = (...names: readonly string[]): string[] =>
  names.map((name) => `-f examples/tutorial/${name}`);
