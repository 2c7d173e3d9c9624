import { exitCode } from "../io/exit-code.ts";

/** A kubelet's request to end is what a service is there for; a Ctrl-C is an interruption. */
const codes = { SIGTERM: exitCode.ok, SIGINT: exitCode.interrupted } as const;

/** Resolves with the exit code that the first SIGTERM or SIGINT stands for, and calls `stop`; or fails as `ended` does. */
export async function untilSignal(ended: Promise<void>, stop: () => Promise<void>): Promise<number> {
  let onSignal: (code: number) => void = () => {};
  const signalled = new Promise<number>((resolve) => {
    onSignal = resolve;
  });
  const listeners = Object.entries(codes).map(([name, code]) => {
    const listener = () => onSignal(code);
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  try {
    const code = await Promise.race([signalled, ended.then(() => exitCode.ok)]);
    await stop();
    return code;
  } finally {
    for (const remove of listeners) remove();
  }
}
