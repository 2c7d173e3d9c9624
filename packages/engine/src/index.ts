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
export { type AskedPorts, parsePorts } from "./ask/parse-ports.ts";
export { PodLister } from "./ask/pod-lister.ts";
export { type Admission, type Everybody, whoCanBeReachedFrom, whoCanReach } from "./ask/who-can.ts";
export type { Assertion, AssertionPeer, AssertionPort } from "./assert/assertion.ts";
export { asAssertionPod } from "./assert/ends.ts";
export type { RecordedAssertion } from "./assert/gathered.ts";
export { AssertionJudge, type CounterExample, type JudgedAssertion } from "./assert/judge.ts";
export { kindNamed, kindWords } from "./assert/kind-named.ts";
export { type AssertionPod, podsOfPeer } from "./assert/match-peer.ts";
export { assertionPortText } from "./assert/parse-port.ts";
export { type ParsedSelector, parseSelector } from "./assert/parse-selector.ts";
export type { AssertionFiles } from "./assert/read-assertion-document.ts";
export { readAssertions, readAssertionsAmong } from "./assert/read-assertions.ts";
export { type Recording, recordAssertions } from "./assert/record.ts";
export { Cluster, type EvaluateOptions } from "./cluster/cluster.ts";
export { type ResolvedService, resolveService, servicePods } from "./cluster/service.ts";
export type { Cause } from "./diff/cause.ts";
export type { ConnectionChange } from "./diff/connection-changes.ts";
export { type ConnectionDiff, connectionDiff, type DiffOptions } from "./diff/connection-diff.ts";
export { type AnyPodsAnswer, containsForAnyPods, equalForAnyPods } from "./equal/any-pods.ts";
export type { FlowDifference } from "./equal/flow-difference.ts";
export { differenceForPods } from "./equal/given-pods.ts";
export { type Exposure, exposure } from "./exposure/exposure.ts";
export { type IngressBackend, ingressBackends } from "./exposure/ingress.ts";
export { type BackendAccess, ingressAccess } from "./exposure/ingress-access.ts";
export { acrossNodes } from "./flows/across-nodes.ts";
export { deniedBy, unprogrammed } from "./flows/denied-by.ts";
export { type EndName, endName, endNameText } from "./flows/end-name.ts";
export { FlowJudge, type FlowJudgement } from "./flows/flow-judge.ts";
export { flowProtocol } from "./flows/flow-protocol.ts";
export { FlowReading } from "./flows/flow-reading.ts";
export type { DeniedBy, FlowEnd, FlowPod, FlowRecord } from "./flows/flow-record.ts";
export { FlowTable, flowKey } from "./flows/flow-table.ts";
export type { FlowProblem } from "./flows/json-fields.ts";
export { linesOf } from "./flows/lines-of.ts";
export { type FlowGap, type FlowLine, readFlowLine } from "./flows/read-flow-record.ts";
export {
  type FlowCount,
  type NowAllowed,
  type NowDenied,
  type Replay,
  replay,
  replayFlows,
} from "./flows/replay.ts";
export { stagedDenial } from "./flows/staged-denial.ts";
export {
  type SuggestedPolicy,
  type Suggestion,
  type SuggestOptions,
  suggest,
} from "./flows/suggest/suggest.ts";
export type { Group } from "./flows/suggest/workloads.ts";
export { flowLine } from "./flows/write-flow-record.ts";
export type { Finding, Fix, TextEdit } from "./lint/finding.ts";
export { applyFixes, type Fixed } from "./lint/fix/apply-edits.ts";
export { type LintOptions, lint, lintCatalogue, lintCodes } from "./lint/lint.ts";
export { type LintAssumptions, type LintedManifests, systemNamespaces } from "./lint/lint-context.ts";
export { type FieldError, fieldPath, type Segment } from "./manifest/field-error.ts";
export { type ObjectFromApi, objectFromApi } from "./manifest/object-from-api.ts";
export { checkMode, isStaged, modeAnnotation } from "./manifest/policy-mode.ts";
export type { LeftOut } from "./manifest/read-document.ts";
export {
  type Manifest,
  type ManifestFile,
  ManifestReader,
  readManifest,
  readManifests,
} from "./manifest/read-manifest.ts";
export {
  readSourceTree,
  type SourceAlias,
  type SourceItem,
  type SourceList,
  type SourceMap,
  type SourceNode,
  type SourcePair,
  type SourceScalar,
  type SourceTree,
} from "./manifest/source-tree.ts";
export { type DocumentSlice, splitDocuments } from "./manifest/split-documents.ts";
export { validateObject } from "./manifest/validate-object.ts";
export {
  checkLabelKey,
  checkLabelValue,
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
export { type FlowProtocol, type Protocol, protocolNamed } from "./model/protocol.ts";
export type { Position, SourceRange } from "./model/source.ts";
export { type Address, addressFromValue, compareAddresses, parseAddress } from "./net/address.ts";
export { type AddressChange, AddressList, addressList } from "./net/address-list.ts";
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
export { normalizePorts, type PortRange, PortSet } from "./net/port-set.ts";
export type { LocalPods } from "./program/compile.ts";
export { type Judgement, judge } from "./program/judge.ts";
export type {
  AddressSet,
  EndpointSet,
  LocalPod,
  PolicyChain,
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
export { isAlone, type ListedOutside, type ListedPeer, type ListedPods } from "./reach/listed-peer.ts";
export { type AddressRange, rangeCidrs } from "./reach/outside.ts";
export type { PeerClass } from "./reach/peer-class.ts";
export { type ReachSummary, reachSummary } from "./reach/reach-summary.ts";
export type { Reachability } from "./reach/reachability.ts";
export { assertionGithub } from "./report/assertions/assertion-github.ts";
export { assertionJson } from "./report/assertions/assertion-json.ts";
export { assertionJunit } from "./report/assertions/assertion-junit.ts";
export {
  type AssertionOutcome,
  type AssertionReport,
  type Observation,
  statusOf,
} from "./report/assertions/assertion-report.ts";
export { assertionSarif } from "./report/assertions/assertion-sarif.ts";
export { assertionTap } from "./report/assertions/assertion-tap.ts";
export { assertionText } from "./report/assertions/assertion-text.ts";
export { assertionYaml } from "./report/assertions/assertion-yaml.ts";
export { connectionMatrixCsv } from "./report/connections/connection-matrix-csv.ts";
export { connectionMatrixText } from "./report/connections/connection-matrix-text.ts";
export { connectionsCsv } from "./report/connections/connections-csv.ts";
export { connectionsDot } from "./report/connections/connections-dot.ts";
export { connectionsHtml } from "./report/connections/connections-html.ts";
export { connectionsJson } from "./report/connections/connections-json.ts";
export { connectionsMarkdown } from "./report/connections/connections-md.ts";
export { connectionsMermaid } from "./report/connections/connections-mermaid.ts";
export { connectionsSvg } from "./report/connections/connections-svg.ts";
export { connectionsText } from "./report/connections/connections-text.ts";
export { connectionsYaml } from "./report/connections/connections-yaml.ts";
export { connectionDiffCsv } from "./report/diff/connection-diff-csv.ts";
export { connectionDiffDot } from "./report/diff/connection-diff-dot.ts";
export { connectionDiffHtml } from "./report/diff/connection-diff-html.ts";
export { connectionDiffJson } from "./report/diff/connection-diff-json.ts";
export { connectionDiffMarkdown } from "./report/diff/connection-diff-md.ts";
export { connectionDiffSvg } from "./report/diff/connection-diff-svg.ts";
export { connectionDiffText } from "./report/diff/connection-diff-text.ts";
export { connectionDiffWide } from "./report/diff/connection-diff-wide.ts";
export { connectionDiffYaml } from "./report/diff/connection-diff-yaml.ts";
export { flowDifferenceJson } from "./report/diff/flow-difference-json.ts";
export { flowDifferenceText } from "./report/diff/flow-difference-text.ts";
export { exposureJson } from "./report/exposure/exposure-json.ts";
export { exposureTable, exposureText } from "./report/exposure/exposure-text.ts";
export { ingressAccessText } from "./report/exposure/ingress-access-text.ts";
export { type WhoCanJson, whoCanJson } from "./report/exposure/who-can-json.ts";
export { type WhoCan, whoCanTable, whoCanText } from "./report/exposure/who-can-text.ts";
export { countText, plural } from "./report/flows/count-text.ts";
export { denialText } from "./report/flows/denial-text.ts";
export { policyManifest } from "./report/flows/policy-manifest.ts";
export { replayJson } from "./report/flows/replay-json.ts";
export { replayTable } from "./report/flows/replay-table.ts";
export { flowPortText, reasonText, replaySummary, replayText } from "./report/flows/replay-text.ts";
export { suggestionYaml } from "./report/flows/suggestion-yaml.ts";
export { peerText } from "./report/peer-text.ts";
export { portSetText } from "./report/port-set-text.ts";
export { type SarifResult, type SarifRule, type SarifRun, sarif } from "./report/sarif.ts";
export { lineDiff, withContext } from "./report/text/line-diff.ts";
export { printable } from "./report/text/printable.ts";
export { quoteMisread } from "./report/text/quote-misread.ts";
export { plainStyle, type Style } from "./report/text/style.ts";
export { type Table, tableCsv, tableMarkdown, tableText } from "./report/text/table.ts";
export { padBoth, padEnd, textWidth } from "./report/text/text-width.ts";
export { unifiedDiff } from "./report/text/unified-diff.ts";
export { type AnswerJson, answerJson } from "./report/verdict/answers-json.ts";
export { answersText } from "./report/verdict/answers-text.ts";
export { decidingRules } from "./report/verdict/deciding-rules.ts";
export { explanation } from "./report/verdict/explanation.ts";
export { workloadJson } from "./report/verdict/explanation-workload-json.ts";
export { workloadMarkdown, workloadText } from "./report/verdict/explanation-workload-text.ts";
export { sentence } from "./report/verdict/sentence.ts";
export {
  type DirectionJson,
  type EndpointJson,
  type NearMissJson,
  type RuleMatchJson,
  type VerdictJson,
  verdictJson,
} from "./report/verdict/verdict-json.ts";
export {
  type Matrix,
  type MatrixCell,
  type MatrixOptions,
  matrixText,
} from "./report/verification/matrix.ts";
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
} from "./report/verification/verification.ts";
export { count, isConfirmed } from "./report/verification/verification.ts";
export { verificationHtml } from "./report/verification/verification-html.ts";
export { verificationJunit } from "./report/verification/verification-junit.ts";
export { verificationText } from "./report/verification/verification-text.ts";
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
