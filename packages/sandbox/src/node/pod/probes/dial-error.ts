const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
  ETIMEDOUT: "connection timed out",
};

/** A failure to connect as Go's net package words it: users know it from the kubelet's events. */
export function dialError(error: unknown, address: string, port: number): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = words[code];
  return reason === undefined ? message : `dial tcp ${address}:${port}: connect: ${reason}`;
}
