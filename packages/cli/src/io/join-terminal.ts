import type { SandboxHandle } from "@portcullis/sandbox";

type Session = Awaited<ReturnType<SandboxHandle["terminal"]>>;

/** Joins this process's terminal with a session's until its program ends; gives its exit code, 128 + N when signal N ended it. */
export async function joinTerminal(session: Session): Promise<number> {
  const { stdin, stdout } = process;
  const resize = () => session.resize(stdout.columns, stdout.rows);
  const hangUp = () => session.hangUp();
  resize();
  stdout.on("resize", resize);
  process.on("SIGTERM", hangUp).on("SIGHUP", hangUp);
  // Every key is the program's to understand, Ctrl-C too.
  stdin.setRawMode(true);
  if (session.stdin !== undefined) stdin.pipe(session.stdin);
  session.stdout?.pipe(stdout, { end: false });
  try {
    return (await session.exited).code;
  } finally {
    stdin.unpipe();
    stdin.setRawMode(false);
    stdin.pause();
    stdout.off("resize", resize);
    process.off("SIGTERM", hangUp).off("SIGHUP", hangUp);
  }
}
