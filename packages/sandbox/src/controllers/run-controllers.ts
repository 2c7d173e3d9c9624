import type { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient } from "@portcullis/kube";
import type { Dial } from "./node-ports/node-ports.ts";
import { startControllers } from "./start-controllers.ts";

/**
 * Runs the controllers of the API in this process, through its socket as any client.
 * @param caCertificate PEM of the CA that signed the API's certificate.
 * @param dial Opens a connection from the node to a Service.
 */
export function runControllers(
  { registry }: ApiServer,
  socketPath: string,
  log: (line: string) => void,
  caCertificate: string,
  dial: Dial,
): { stop(): void } {
  const client = new HttpKubeClient({ socketPath }, { userAgent: "kube-controller-manager" });
  // Of a kind in several versions, or in another form, one is enough: the objects are the same.
  const kinds = () => [
    ...new Map(
      registry.defs
        .filter(({ answer, view }) => answer === undefined && view === undefined)
        .map(({ group, version, plural, kind, namespaced }) => [
          `${plural}.${group}`,
          { group, version, plural, kind, namespaced },
        ]),
    ).values(),
  ];
  const controllers = startControllers({ client, log, caCertificate, dial, kinds });
  return {
    stop() {
      controllers.stop();
      client.close();
    },
  };
}
