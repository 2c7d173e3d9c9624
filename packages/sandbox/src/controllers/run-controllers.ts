import type { ApiServer } from "@portcullis/apiserver";
import { HttpKubeClient } from "@portcullis/kube";
import { startControllers } from "./start-controllers.ts";

/**
 * Runs the controllers of the API in this process, through its socket as any client.
 * @param caCertificate PEM of the CA that signed the API's certificate.
 */
export function runControllers(
  { registry }: ApiServer,
  socketPath: string,
  log: (line: string) => void,
  caCertificate: string,
): { stop(): void } {
  const client = new HttpKubeClient({ socketPath });
  // Of a kind in several versions one is enough: the objects are the same.
  const kinds = () => [
    ...new Map(
      registry.defs
        .filter(({ answer }) => answer === undefined)
        .map(({ group, version, plural, kind, namespaced }) => [
          `${plural}.${group}`,
          { group, version, plural, kind, namespaced },
        ]),
    ).values(),
  ];
  const controllers = startControllers({ client, log, caCertificate, kinds });
  return {
    stop() {
      controllers.stop();
      client.close();
    },
  };
}
