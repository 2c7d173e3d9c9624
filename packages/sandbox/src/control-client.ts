import { request } from "node:http";
import type { Control } from "./control.ts";
import { SandboxError } from "./error.ts";

/**
 * Asks the node part.
 * @throws SandboxError `pod` when it refuses, `not-running` when it is not there any more.
 */
export function ask<Name extends keyof Control>(
  socketPath: string,
  name: Name,
  body: Control[Name]["request"],
): Promise<Control[Name]["answer"]> {
  return new Promise((resolve, reject) => {
    const gone = (error: Error) =>
      reject(new SandboxError("not-running", `the sandbox does not answer: ${error.message}`));
    const asking = request({ socketPath, method: "POST", path: `/${name}`, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", gone);
      response.on("end", () => {
        const answer = JSON.parse(text) as Control[Name]["answer"] & { readonly message: string };
        if (response.statusCode === 200) resolve(answer);
        else reject(new SandboxError(response.statusCode === 400 ? "pod" : "failed", answer.message));
      });
    });
    asking.on("error", gone);
    asking.end(JSON.stringify(body));
  });
}
