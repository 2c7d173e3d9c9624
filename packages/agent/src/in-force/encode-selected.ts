/** A policy that selects pods of a node, as the node's record names it. */
export interface SelectedPolicy {
  /** `policyId` of its `namespace/name`. */
  readonly id: number;
  /** The version that is in force. */
  readonly resourceVersion: bigint;
  /** Local pods that it selects. */
  readonly pods: number;
}

const idBytes = 6;

/** About 16 characters a policy: six bytes of id, then pods and resourceVersion in groups of seven bits; base64url. */
export function encodeSelected(policies: readonly SelectedPolicy[]): string {
  const bytes: number[] = [];
  const id = Buffer.alloc(idBytes);
  for (const policy of [...policies].sort((a, b) => a.id - b.id)) {
    id.writeUIntBE(policy.id, 0, idBytes);
    bytes.push(...id);
    putNumber(bytes, BigInt(policy.pods));
    putNumber(bytes, policy.resourceVersion);
  }
  return Buffer.from(bytes).toString("base64url");
}

/** Undefined for a text that `encodeSelected` does not make. */
export function decodeSelected(text: string): readonly SelectedPolicy[] | undefined {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) return undefined;
  const policies: SelectedPolicy[] = [];
  let at = 0;
  const number = (): bigint | undefined => {
    let value = 0n;
    // No number has more than 128 bits.
    for (let shift = 0n; shift < 133n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    if (at + idBytes > bytes.length) return undefined;
    const id = bytes.readUIntBE(at, idBytes);
    at += idBytes;
    const pods = number();
    const resourceVersion = number();
    if (pods === undefined || resourceVersion === undefined) return undefined;
    policies.push({ id, pods: Number(pods), resourceVersion });
  }
  return policies;
}

function putNumber(bytes: number[], value: bigint): void {
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
}
