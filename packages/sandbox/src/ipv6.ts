import { existsSync } from "node:fs";

/** Whether this kernel has IPv6. */
export const hasIpv6 = (): boolean => existsSync("/proc/sys/net/ipv6");

/** Of a pair of IPv4 and IPv6 texts, those that this machine can use. */
export const ofThisMachine = (pair: readonly string[]): readonly string[] => pair.slice(0, hasIpv6() ? 2 : 1);
