/** Ends a process group at once, as a program that was started `detached` leads one. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // It has ended in this moment.
  }
}
