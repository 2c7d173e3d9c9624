import { connect } from "node:net";
import type { CheckResult } from "./check.ts";
import { dialError } from "./dial-error.ts";

/** A TCP probe: whether the port takes a connection. */
export function checkTcp(address: string, port: number, timeoutMs: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const settle = (result: CheckResult) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () =>
      settle({ ok: false, message: `dial tcp ${address}:${port}: i/o timeout` }),
    );
    socket.on("connect", () => settle({ ok: true, message: "" }));
    socket.on("error", (error) => settle({ ok: false, message: dialError(error, address, port) }));
  });
}
