import { type Command, InvalidArgumentError } from "commander";
import type { UiOptions } from "../ui/run-ui.ts";
import type { Context } from "./context.ts";
import { collect, examples } from "./options.ts";
import { addWorldOptions } from "./world-options.ts";

export function registerUi(program: Command, { io, finish }: Context): void {
  const command = program
    .command("ui")
    .summary("see and edit who may reach whom, in a browser")
    .description(
      "Serve the web app on this machine's loopback, and print the address to open: it has a token that makes the page " +
        "yours alone. What the policies mean is computed in the browser; nothing is sent anywhere else.",
    )
    .addHelpText(
      "before",
      examples(
        "portcullis ui -f manifests/",
        "portcullis ui --context staging",
        "portcullis ui --name review",
      ),
    )
    .option(
      "--agent <url>",
      "tell the verdicts of this node agent, as by kubectl port-forward: http://127.0.0.1:9753; may be repeated",
      collect,
    )
    .option("--port <port>", "of the page on 127.0.0.1; any free one when 0", portNumber, 0);
  addWorldOptions(command).action(async (options: UiOptions) => {
    const { runUi } = await import("../ui/run-ui.ts");
    finish(await runUi(options, io));
  });
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new InvalidArgumentError("Use a number from 0 to 65535.");
}
