import type { LintRule } from "../lint-rule.ts";
import { allowAllOverrides } from "./allow-all-overrides.ts";
import { andWrittenAsOr } from "./and-written-as-or.ts";
import { dnsOverUdpOnly } from "./dns-over-udp-only.ts";
import { duplicatePolicy } from "./duplicate-policy.ts";
import { egressDeniedSilently } from "./egress-denied-silently.ts";
import { egressNotIsolated } from "./egress-not-isolated.ts";
import { egressWithoutDns } from "./egress-without-dns.ts";
import { emptyPeer } from "./empty-peer.ts";
import { endPortEverything } from "./end-port-everything.ts";
import { endPortSingle } from "./end-port-single.ts";
import { endPortWide } from "./end-port-wide.ts";
import { exceptWithoutEffect } from "./except-without-effect.ts";
import { foreignPolicy } from "./foreign-policy.ts";
import { hostNetworkPeer } from "./host-network-peer.ts";
import { hostNetworkSelected } from "./host-network-selected.ts";
import { ignoredRules } from "./ignored-rules.ts";
import { implicitIngressDenial } from "./implicit-ingress-denial.ts";
import { impossibleSelector } from "./impossible-selector.ts";
import { ingressBackendBlocked } from "./ingress-backend-blocked.ts";
import { ingressNotIsolated } from "./ingress-not-isolated.ts";
import { ipBlockCoversPods } from "./ip-block-covers-pods.ts";
import { ipBlockCoversServices } from "./ip-block-covers-services.ts";
import { ipBlockEmpty } from "./ip-block-empty.ts";
import { kubeletProbes } from "./kubelet-probes.ts";
import { metadataReachable } from "./metadata-reachable.ts";
import { missingNamespace } from "./missing-namespace.ts";
import { misspeltLabel } from "./misspelt-label.ts";
import { namedPortMissing } from "./named-port-missing.ts";
import { openToWorld } from "./open-to-world.ts";
import { otherSideDenies } from "./other-side-denies.ts";
import { peerSelectsNoPod } from "./peer-selects-no-pod.ts";
import { policyWithoutEffect } from "./policy-without-effect.ts";
import { redundantPeer } from "./redundant-peer.ts";
import { redundantPolicy } from "./redundant-policy.ts";
import { redundantPort } from "./redundant-port.ts";
import { redundantRule } from "./redundant-rule.ts";
import { ruleAddsNothing } from "./rule-adds-nothing.ts";
import { selectsNoNamespace } from "./selects-no-namespace.ts";
import { selectsNoPod } from "./selects-no-pod.ts";
import { servicePort } from "./service-port.ts";
import { unservedApiVersion } from "./unserved-api-version.ts";

/** Every rule, by code. */
export const lintRules: readonly LintRule[] = [
  allowAllOverrides,
  andWrittenAsOr,
  dnsOverUdpOnly,
  duplicatePolicy,
  egressDeniedSilently,
  egressNotIsolated,
  egressWithoutDns,
  emptyPeer,
  endPortEverything,
  endPortSingle,
  endPortWide,
  exceptWithoutEffect,
  foreignPolicy,
  hostNetworkPeer,
  hostNetworkSelected,
  ignoredRules,
  implicitIngressDenial,
  impossibleSelector,
  ingressBackendBlocked,
  ingressNotIsolated,
  ipBlockCoversPods,
  ipBlockCoversServices,
  ipBlockEmpty,
  kubeletProbes,
  metadataReachable,
  missingNamespace,
  misspeltLabel,
  namedPortMissing,
  openToWorld,
  otherSideDenies,
  peerSelectsNoPod,
  policyWithoutEffect,
  redundantPeer,
  redundantPolicy,
  redundantPort,
  redundantRule,
  ruleAddsNothing,
  selectsNoNamespace,
  selectsNoPod,
  servicePort,
  unservedApiVersion,
];
