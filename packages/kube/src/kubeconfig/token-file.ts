import type { CredentialSource } from "../http-transport.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { readText } from "./load-kubeconfig.ts";

/** A bearer token in a file, read anew for each request: whoever put it there renews it. */
export function tokenFile(file: string): CredentialSource {
  return {
    async get() {
      const token = readText(file).trim();
      if (token === "") throw new KubeconfigError(`${file}: there is no token in it`);
      return { token };
    },
    forget() {},
  };
}
