/** What can be wrong with a node; named as the agent's conditions are. */
export type NodeFindingType =
  | "NftMissing"
  | "NftTooOld"
  | "NoPermission"
  | "BridgeNotFiltered"
  | "IpvsServices"
  | "ForwardingOff"
  | "ConntrackFull";

/** Something on a node that keeps policies from being enforced, or pods from being reached. */
export interface NodeFinding {
  readonly type: NodeFindingType;
  /** One CamelCase word. */
  readonly reason: string;
  /** One sentence for people, with the mend where there is one. */
  readonly message: string;
}
