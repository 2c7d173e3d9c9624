import type { Direction } from "../model/network-policy.ts";
import type { Program } from "./program.ts";
import { type Packet, ProgramIndex } from "./program-index.ts";

export interface Judgement {
  readonly allowed: boolean;
  /** On denial: the direction that denied, egress first. */
  readonly direction?: Direction;
  /** On denial: `namespace/name` of the local pod whose policies denied. */
  readonly pod?: string;
}

/**
 * What a data plane that enforces the Program does with a packet. Only local pods judge; a packet between two of them
 * needs both. Pass a ProgramIndex to judge many packets on one Program.
 */
export function judge(program: Program | ProgramIndex, packet: Packet): Judgement {
  const index = program instanceof ProgramIndex ? program : new ProgramIndex(program);
  const { source, destination } = packet;
  const from = index.podAt(source);
  const to = index.podAt(destination);
  if (from !== undefined && from === to) return ALLOWED;
  if (from?.egress !== undefined && !index.chainMatches(from.egress, packet, destination)) {
    return { allowed: false, direction: "Egress", pod: from.key };
  }
  if (to?.ingress === undefined || to.nodeAddresses?.some(({ text }) => text === source.text)) return ALLOWED;
  if (index.chainMatches(to.ingress, packet, source)) return ALLOWED;
  return { allowed: false, direction: "Ingress", pod: to.key };
}

const ALLOWED: Judgement = { allowed: true };
