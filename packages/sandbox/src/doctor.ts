import type { Check } from "./checks/check.ts";
import { checkKernel } from "./checks/kernel.ts";
import { checkKoffi } from "./checks/koffi.ts";
import { checkPrograms } from "./checks/programs.ts";
import { checkUserNamespaces } from "./checks/user-namespaces.ts";
import { defaultSearchPath } from "./tools.ts";

/**
 * What this machine can and cannot do, and how to mend it. A sandbox can start when every required check is ok.
 * Changes nothing: attempts are made in namespaces that end at once.
 * @param searchPath Where programs are looked for (default: PATH, then the system's sbin directories).
 */
export async function doctor(searchPath: string = defaultSearchPath()): Promise<readonly Check[]> {
  if (process.platform !== "linux") {
    const detail = `this is ${process.platform}: a sandbox is made of Linux namespaces; analysis works everywhere`;
    return [
      { check: "Linux", ok: false, required: true, detail, mend: "use a Linux machine or virtual machine" },
    ];
  }
  const [programs, userNamespaces, koffi] = await Promise.all([
    checkPrograms(searchPath),
    checkUserNamespaces(searchPath),
    checkKoffi(),
  ]);
  // Without namespaces, or the program to ask with, the kernel's answer would say nothing of the kernel.
  const askable = userNamespaces.ok && programs.every(({ ok, required }) => ok || !required);
  const kernel = askable ? await checkKernel(searchPath) : [];
  return [userNamespaces, ...programs, koffi, ...kernel];
}
