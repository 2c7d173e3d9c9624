import { protocols } from "../model/protocol.ts";
import { addressFromValue } from "../net/address.ts";
import { cidrContains } from "../net/cidr.ts";
import { type LegacyCidr, type LegacyCidrProblem, parseLegacyCidr } from "../net/legacy-cidr.ts";
import { type FieldError, forbidden, invalid, notSupported, type Path, required } from "./field-error.ts";
import type { RawIPBlock, RawNetworkPolicy, RawPeer, RawPolicyPort } from "./schema-network-policy.ts";
import { validateMetadata } from "./validate-metadata.ts";
import { checkDnsSubdomain, checkPortName, checkPortNumber } from "./validate-names.ts";
import { validateSelector } from "./validate-selector.ts";

/**
 * Validates a decoded NetworkPolicy as the API server of Kubernetes 1.36 does on creation (pkg/apis/networking/
 * validation, with StrictIPCIDRValidation on, its default since 1.36): the same refusals, in the same order. What it
 * does not refuse is deliberate: no spec, an empty selector, a policy type twice, `from: null`.
 */
export function validateNetworkPolicy(policy: RawNetworkPolicy): FieldError[] {
  return [
    ...validateMetadata(policy.metadata, checkDnsSubdomain, true),
    ...validateNetworkPolicySpec(policy.spec),
  ];
}

/** What a server may have let in before its rules were tightened is no error in an object that it keeps. */
export interface SpecOptions {
  readonly stored?: boolean;
}

export function validateNetworkPolicySpec(
  spec: NonNullable<RawNetworkPolicy["spec"]> = {},
  options: SpecOptions = {},
): FieldError[] {
  const rules = [
    ...(spec.ingress ?? []).map(({ from, ports }, index) => ({
      field: "ingress",
      index,
      side: "from",
      peers: from,
      ports,
    })),
    ...(spec.egress ?? []).map(({ to, ports }, index) => ({
      field: "egress",
      index,
      side: "to",
      peers: to,
      ports,
    })),
  ];
  return [
    ...validateSelector(spec.podSelector, ["spec", "podSelector"], options),
    ...rules.flatMap(({ field, index, side, peers = [], ports = [] }) => {
      const path = ["spec", field, index];
      return [
        ...ports.flatMap((port, at) => validatePort(port, [...path, "ports", at])),
        ...peers.flatMap((peer, at) => validatePeer(peer, [...path, side, at], options)),
      ];
    }),
    ...validatePolicyTypes(spec.policyTypes ?? [], ["spec", "policyTypes"]),
  ];
}

function validatePort({ protocol, port, endPort }: RawPolicyPort, path: Path): FieldError[] {
  const errors: FieldError[] = [];
  if (protocol !== undefined && !protocols.some((each) => each === protocol)) {
    errors.push(notSupported([...path, "protocol"], protocol, protocols));
  }
  const portPath = [...path, "port"];
  const endPath = [...path, "endPort"];
  if (typeof port === "number") {
    errors.push(...checkPortNumber(port).map((problem) => invalid(portPath, port, problem)));
    if (endPort !== undefined) {
      if (endPort < port) errors.push(invalid(endPath, endPort, "must be greater than or equal to `port`"));
      errors.push(...checkPortNumber(endPort).map((problem) => invalid(endPath, endPort, problem)));
    }
  } else if (port !== undefined) {
    if (endPort !== undefined) {
      errors.push(invalid(endPath, endPort, "may not be specified when `port` is non-numeric"));
    }
    errors.push(...checkPortName(port).map((problem) => invalid(portPath, port, problem)));
  } else if (endPort !== undefined) {
    errors.push(invalid(endPath, endPort, "may not be specified when `port` is not specified"));
  }
  return errors;
}

function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: RawPeer,
  path: Path,
  options: SpecOptions,
): FieldError[] {
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  return [
    ...validateSelector(podSelector, [...path, "podSelector"], options),
    ...validateSelector(namespaceSelector, [...path, "namespaceSelector"], options),
    ...(ipBlock === undefined ? [] : validateIPBlock(ipBlock, [...path, "ipBlock"], options)),
    ...(ipBlock === undefined && !selects ? [required(path, "must specify a peer")] : []),
    ...(ipBlock !== undefined && selects
      ? [forbidden(path, "may not specify both ipBlock and another peer")]
      : []),
  ];
}

function validateIPBlock(
  { cidr = "", except = [] }: RawIPBlock,
  path: Path,
  options: SpecOptions,
): FieldError[] {
  const cidrPath = [...path, "cidr"];
  if (cidr === "") return [required(cidrPath)];
  const errors = validateCidr(cidr, cidrPath, options);
  const outer = parseLegacyCidr(cidr);
  if (outer === undefined) return errors;
  for (const [index, text] of except.entries()) {
    const exceptPath = [...path, "except", index];
    errors.push(...validateCidr(text, exceptPath, options));
    const inner = parseLegacyCidr(text);
    if (inner !== undefined && !isStrictSubset(inner, outer)) {
      errors.push(invalid(exceptPath, text, "must be a strict subset of `cidr`"));
    }
  }
  return errors;
}

const cidrProblems: Readonly<Record<LegacyCidrProblem, string>> = {
  "leading-zeros": "must not have leading 0s in IP or prefix length",
  "ipv4-mapped": "must not have an IPv4-mapped IPv6 address",
  "host-bits": "must not have bits set beyond the prefix length",
};

function validateCidr(text: string, path: Path, { stored = false }: SpecOptions): FieldError[] {
  const parsed = parseLegacyCidr(text);
  if (parsed === undefined) {
    return [invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")];
  }
  return parsed.problem === undefined || stored ? [] : [invalid(path, text, cidrProblems[parsed.problem])];
}

function isStrictSubset(inner: LegacyCidr, outer: LegacyCidr): boolean {
  const first = addressFromValue(inner.cidr.family, inner.cidr.first);
  return cidrContains(outer.cidr, first) && inner.writtenPrefix > outer.writtenPrefix;
}

function validatePolicyTypes(types: readonly string[], path: Path): FieldError[] {
  const supported = ["Ingress", "Egress"];
  if (types.length > supported.length)
    return [invalid(path, types, "may not specify more than two policyTypes")];
  return types.flatMap((type, index) =>
    supported.includes(type) ? [] : [notSupported([...path, index], type, supported)],
  );
}
