import { readFile } from "node:fs/promises";

/** Identifies the kernel's present life (random(4)); "" where the kernel does not tell. */
export function readBootId(): Promise<string> {
  return readFile("/proc/sys/kernel/random/boot_id", "utf8").then(
    (text) => text.trim(),
    () => "",
  );
}
