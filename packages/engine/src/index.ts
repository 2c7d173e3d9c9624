// The public face of the engine. Everything else is internal.
export {
  type AnswerGroup,
  type AskedDestination,
  type AskedEnd,
  allAllowed,
  answers,
} from "./ask/answers.ts";
export { cutCidr } from "./ask/cut-cidr.ts";
export { explainWorkloads, type WorkloadExplanation } from "./ask/explain-workload.ts";
export { PodLister } from "./ask/pod-lister.ts";
export { type Admission, type Everybody, whoCanBeReachedFrom, whoCanReach } from "./ask/who-can.ts";
export type { Assertion, AssertionPeer, AssertionPort } from "./assert/assertion.ts";
export { asAssertionPod } from "./assert/ends.ts";
export { AssertionJudge, type CounterExample, type JudgedAssertion } from "./assert/judge.ts";
export { kindNamed, kindWords } from "./assert/kind-named.ts";
export { type AssertionPod, podsOfPeer } from "./assert/match-peer.ts";
export { assertionPortText } from "./assert/parse-port.ts";
export { type ParsedSelector, parseSelector } from "./assert/parse-selector.ts";
export { type AssertionFiles, readAssertions, readAssertionsAmong } from "./assert/read-assertions.ts";
export { type RecordedAssertion, type Recording, recordAssertions } from "./assert/record.ts";
export { Cluster } from "./cluster/cluster.ts";
export { type ResolvedService, resolveService, servicePods } from "./cluster/service.ts";
export type { Cause } from "./diff/cause.ts";
export type { ConnectionChange } from "./diff/connection-changes.ts";
export { type ConnectionDiff, connectionDiff, type DiffOptions } from "./diff/connection-diff.ts";
export { type ReachChange, type ReachDiff, type ReachPeer, reachDiff } from "./diff/reach-diff.ts";
export { type AnyPodsAnswer, containsForAnyPods, equalForAnyPods } from "./equal/any-pods.ts";
export type { FlowDifference } from "./equal/flow-difference.ts";
export { differenceForPods } from "./equal/given-pods.ts";
export { type Exposure, exposure } from "./exposure/exposure.ts";
export { type IngressBackend, ingressBackends } from "./exposure/ingress.ts";
export { type BackendAccess, ingressAccess } from "./exposure/ingress-access.ts";
export type { Finding, Fix, TextEdit } from "./lint/finding.ts";
export { applyFixes, type Fixed } from "./lint/fix/apply-edits.ts";
export { type LintOptions, lint, lintCatalogue, lintCodes } from "./lint/lint.ts";
export type { LintAssumptions, LintedManifests } from "./lint/lint-context.ts";
export { type FieldError, fieldPath, type Segment } from "./manifest/field-error.ts";
export { type ObjectFromApi, objectFromApi } from "./manifest/object-from-api.ts";
export type { LeftOut } from "./manifest/read-document.ts";
export { type Manifest, type ManifestFile, readManifest, readManifests } from "./manifest/read-manifest.ts";
export { validateObject } from "./manifest/validate-object.ts";
export {
  checkLabelKey,
  checkObjectName,
  checkPortName,
  checkPortNumber,
  validateLabelSelector,
  validateObjectMeta,
  validatePodTemplate,
} from "./manifest/validate-parts.ts";
export { type Diagnostic, type DiagnosticCode, diagnosticCodes, type Severity } from "./model/diagnostic.ts";
export type { LabelSelector, LabelSelectorRequirement, Labels, SelectorOperator } from "./model/labels.ts";
export type {
  Direction,
  IPBlockPeer,
  NetworkPolicy,
  Peer,
  PodPeer,
  PolicyPort,
  PolicyRule,
} from "./model/network-policy.ts";
export type {
  ClusterObject,
  ContainerPort,
  Namespace,
  Node,
  ObjectKind,
  Pod,
  PodPhase,
  Service,
  ServicePort,
  WorkloadRef,
} from "./model/objects.ts";
export type { FlowProtocol, Protocol } from "./model/protocol.ts";
export type { Position, SourceRange } from "./model/source.ts";
export { type Address, addressFromValue, compareAddresses, parseAddress } from "./net/address.ts";
export {
  type Cidr,
  cidrContains,
  cidrFromAddress,
  cidrFromValue,
  cidrWithin,
  compareCidrs,
  parseCidr,
} from "./net/cidr.ts";
export { type CidrBlock, subtractAndMerge } from "./net/cidr-set.ts";
export { type LegacyCidr, type LegacyCidrProblem, parseLegacyCidr } from "./net/legacy-cidr.ts";
export { normalizePorts, PortSet } from "./net/port-set.ts";
export { type Judgement, judge } from "./program/judge.ts";
export type {
  AddressSet,
  EndpointSet,
  LocalPod,
  PolicyChain,
  PortRange,
  Program,
  ProgramRule,
} from "./program/program.ts";
export { type Packet, ProgramIndex } from "./program/program-index.ts";
export { type ConnectionList, type ConnectionListOptions, connectionList } from "./reach/connection-list.ts";
export {
  type Connection,
  type ConnectionGroup,
  type ConnectionOptions,
  connections,
  type PeerFilter,
} from "./reach/connections.ts";
export type { ListedOutside, ListedPeer, ListedPods } from "./reach/listed-peer.ts";
export type { PeerClass } from "./reach/peer-class.ts";
export { type ReachSummary, reachSummary } from "./reach/reach-summary.ts";
export type { Reachability } from "./reach/reachability.ts";
export { type AnswerJson, answerJson } from "./report/answers-json.ts";
export { answersText } from "./report/answers-text.ts";
export { assertionGithub } from "./report/assertion-github.ts";
export { assertionJson } from "./report/assertion-json.ts";
export { assertionJunit } from "./report/assertion-junit.ts";
export {
  type AssertionOutcome,
  type AssertionReport,
  type Observation,
  statusOf,
} from "./report/assertion-report.ts";
export { assertionSarif } from "./report/assertion-sarif.ts";
export { assertionTap } from "./report/assertion-tap.ts";
export { assertionText } from "./report/assertion-text.ts";
export { assertionYaml } from "./report/assertion-yaml.ts";
export { connectionDiffCsv } from "./report/connection-diff-csv.ts";
export { connectionDiffDot } from "./report/connection-diff-dot.ts";
export { connectionDiffHtml } from "./report/connection-diff-html.ts";
export { connectionDiffJson } from "./report/connection-diff-json.ts";
export { connectionDiffMarkdown } from "./report/connection-diff-md.ts";
export { connectionDiffSvg } from "./report/connection-diff-svg.ts";
export { connectionDiffText } from "./report/connection-diff-text.ts";
export { connectionDiffWide } from "./report/connection-diff-wide.ts";
export { connectionDiffYaml } from "./report/connection-diff-yaml.ts";
export { connectionMatrixCsv } from "./report/connection-matrix-csv.ts";
export { connectionMatrixText } from "./report/connection-matrix-text.ts";
export { connectionsCsv } from "./report/connections-csv.ts";
export { connectionsDot } from "./report/connections-dot.ts";
export { connectionsHtml } from "./report/connections-html.ts";
export { connectionsJson } from "./report/connections-json.ts";
export { connectionsMarkdown } from "./report/connections-md.ts";
export { connectionsMermaid } from "./report/connections-mermaid.ts";
export { connectionsSvg } from "./report/connections-svg.ts";
export { connectionsText } from "./report/connections-text.ts";
export { connectionsYaml } from "./report/connections-yaml.ts";
export { decidingRules } from "./report/deciding-rules.ts";
export { explanation } from "./report/explanation.ts";
export { workloadJson } from "./report/explanation-workload-json.ts";
export { workloadMarkdown, workloadText } from "./report/explanation-workload-text.ts";
export { exposureJson } from "./report/exposure-json.ts";
export { exposureTable, exposureText } from "./report/exposure-text.ts";
export { flowDifferenceJson } from "./report/flow-difference-json.ts";
export { flowDifferenceText } from "./report/flow-difference-text.ts";
export { ingressAccessText } from "./report/ingress-access-text.ts";
export { type Matrix, type MatrixCell, type MatrixOptions, matrixText } from "./report/matrix.ts";
export { peerText } from "./report/peer-text.ts";
export { portSetText } from "./report/port-set-text.ts";
export { reachDiffText } from "./report/reach-diff-text.ts";
export { type SarifResult, type SarifRule, type SarifRun, sarif } from "./report/sarif.ts";
export { sentence } from "./report/sentence.ts";
export { plainStyle, type Style } from "./report/style.ts";
export { type Table, tableCsv, tableMarkdown, tableText } from "./report/table.ts";
export { padBoth, padEnd, textWidth } from "./report/text-width.ts";
export {
  type DirectionJson,
  type EndpointJson,
  type NearMissJson,
  type RuleMatchJson,
  type VerdictJson,
  verdictJson,
} from "./report/verdict-json.ts";
export type {
  DecidingRule,
  Disagreement,
  KernelView,
  NotProbed,
  Verification,
  VerifiedAssertion,
  VerifiedPair,
  VerifiedPod,
  VerifiedPort,
} from "./report/verification.ts";
export { count, isConfirmed } from "./report/verification.ts";
export { verificationHtml } from "./report/verification-html.ts";
export { verificationJunit } from "./report/verification-junit.ts";
export { verificationText } from "./report/verification-text.ts";
export { type WhoCanJson, whoCanJson } from "./report/who-can-json.ts";
export { type WhoCan, whoCanTable, whoCanText } from "./report/who-can-text.ts";
export { matchesSelector, selectorText } from "./selector/selector.ts";
export { type OracleCluster, oracle } from "./verdict/oracle.ts";
export type {
  DirectionVerdict,
  Endpoint,
  Flow,
  NearMiss,
  Reason,
  RuleMatch,
  Verdict,
} from "./verdict/verdict.ts";
