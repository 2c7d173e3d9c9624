import { Command } from "commander";
import { registerAgent } from "./commands/agent.ts";
import { registerApply } from "./commands/apply.ts";
import { registerCan } from "./commands/can.ts";
import { registerContains, registerEqual } from "./commands/compare.ts";
import { registerCompletion } from "./commands/completion.ts";
import type { Context } from "./commands/context.ts";
import { registerDelete } from "./commands/delete.ts";
import { registerDemo } from "./commands/demo.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerDown } from "./commands/down.ts";
import { registerExec } from "./commands/exec.ts";
import { registerExplain } from "./commands/explain.ts";
import { registerExposure } from "./commands/exposure.ts";
import { registerFlows } from "./commands/flows.ts";
import { registerGet } from "./commands/get.ts";
import { registerImages } from "./commands/images.ts";
import { registerKubeconfig } from "./commands/kubeconfig.ts";
import { registerKubectl } from "./commands/kubectl.ts";
import { registerLint } from "./commands/lint.ts";
import { registerList } from "./commands/list.ts";
import { registerMatrix } from "./commands/matrix.ts";
import { examples } from "./commands/options.ts";
import { registerRbac } from "./commands/rbac.ts";
import { registerReplay } from "./commands/replay.ts";
import { registerStatus } from "./commands/status.ts";
import { registerSuggest } from "./commands/suggest.ts";
import { registerTest } from "./commands/test.ts";
import { registerUi } from "./commands/ui.ts";
import { registerUp } from "./commands/up.ts";
import { registerVerify } from "./commands/verify.ts";
import { registerVersion } from "./commands/version.ts";
import { registerWhoCan } from "./commands/who-can.ts";
import { version } from "./version.ts";

/** All commands, in the order in which a newcomer needs them. */
export function buildProgram(context: Context): Command {
  const program = new Command("portcullis")
    .description("Kubernetes NetworkPolicy, explained, proven and enforced.")
    .version(version(), "-V, --version")
    // What comes after a command is the command's: `portcullis kubectl --version` asks kubectl.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.io.out(text),
      writeErr: (text) => context.io.err(text),
      getOutHasColors: () => context.io.terminal,
    })
    .showHelpAfterError("See --help for examples.")
    .addHelpText(
      "before",
      examples(
        "portcullis demo                                          # the tutorial, on this machine's kernel",
        "portcullis can frontend --to svc/backend:80 -f .         # what do these manifests mean?",
        "portcullis up -f manifests/                              # a cluster of your own, until Ctrl-C",
        "portcullis exec frontend -- curl -m 1 http://10.96.0.10  # a command in one of its pods",
      ),
    );
  registerDemo(program, context);
  registerUp(program, context);
  registerDown(program, context);
  registerKubectl(program, context);
  registerKubeconfig(program, context);
  registerImages(program, context);
  registerGet(program, context);
  registerApply(program, context);
  registerDelete(program, context);
  registerExec(program, context);
  registerCan(program, context);
  registerWhoCan(program, context);
  registerExplain(program, context);
  registerExposure(program, context);
  registerLint(program, context);
  registerDiff(program, context);
  registerEqual(program, context);
  registerContains(program, context);
  registerList(program, context);
  registerMatrix(program, context);
  registerTest(program, context);
  registerVerify(program, context);
  registerUi(program, context);
  registerAgent(program, context);
  registerFlows(program, context);
  registerReplay(program, context);
  registerSuggest(program, context);
  registerStatus(program, context);
  registerRbac(program, context);
  registerDoctor(program, context);
  registerCompletion(program, context);
  registerVersion(program, context);
  return program;
}
