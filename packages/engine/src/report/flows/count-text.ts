import type { FlowCount } from "../../flows/replay.ts";

/** `3 flows, 1,204 connections`. */
export function countText({ flows, connections }: FlowCount): string {
  return `${plural(flows, "flow")}, ${plural(connections, "connection")}`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
