import { connect, createServer, type Server } from "node:net";
import { clusterNetwork } from "../../cluster-network.ts";
import { apiPortInside } from "../../credentials/kubernetes-service.ts";
import { ofThisMachine } from "../../ipv6.ts";

/**
 * Serves the API to pods, on the node's own addresses: every byte goes to and from a socket that speaks TLS outside, so
 * that nothing in here holds a key. Resolves when it listens.
 */
export async function serveApi(socketPath: string): Promise<void> {
  await Promise.all(
    ofThisMachine(clusterNetwork.nodeAddresses).map((host) => listen(pass(socketPath), host)),
  );
}

function pass(socketPath: string): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const api = connect({ path: socketPath, allowHalfOpen: true });
    client.pipe(api).pipe(client);
    const end = () => {
      client.destroy();
      api.destroy();
    };
    for (const side of [client, api]) side.once("error", end).once("close", end);
  });
}

function listen(server: Server, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(apiPortInside, host, () => resolve());
  });
}
