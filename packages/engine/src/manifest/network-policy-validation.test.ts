import { describe, expect, test } from "vitest";
import { validateObject } from "./validate-object.ts";

/** A policy with this spec; the messages are `path: message`, as the API server prints them. */
function complaints(spec: unknown, metadata: unknown = { name: "web", namespace: "default" }): string[] {
  const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
  return validateObject(policy).map(({ path, message }) => `${path}: ${message}`);
}

const from = (...peers: unknown[]) => ({ podSelector: {}, ingress: [{ from: peers }] });
const ports = (...list: unknown[]) => ({ podSelector: {}, egress: [{ ports: list }] });
const block = (cidr: unknown, ...except: unknown[]) => from({ ipBlock: { cidr, except } });
const selector = (podSelector: unknown) => ({ podSelector });

const peerPath = "spec.ingress[0].from[0]";
const cidrPath = `${peerPath}.ipBlock.cidr`;
const portPath = "spec.egress[0].ports[0]";
const notACidr = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
const notASubset = "must be a strict subset of `cidr`";
const leadingZeros = "must not have leading 0s in IP or prefix length";
const hostBits = "must not have bits set beyond the prefix length";
const outOfRange = "must be between 1 and 65535, inclusive";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dnsLabel =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

describe("accepted by Kubernetes 1.36", () => {
  test.each<[string, unknown]>([
    ["no spec", undefined],
    ["a null spec", null],
    ["an empty spec", {}],
    ["no podSelector", { policyTypes: ["Egress"] }],
    ["a null podSelector", selector(null)],
    ["from: null", { podSelector: {}, ingress: [{ from: null, ports: null }] }],
    ["a null rule", { podSelector: {}, ingress: [null], egress: [null] }],
    ["empty rules", { podSelector: {}, ingress: [{}], egress: [{}] }],
    ["null ingress and egress", { podSelector: {}, ingress: null, egress: null }],
    ["Egress only", { podSelector: {}, policyTypes: ["Egress"] }],
    ["a policy type twice", { podSelector: {}, policyTypes: ["Ingress", "Ingress"] }],
    ["no policy types", { podSelector: {}, policyTypes: [] }],
    ["policy types that leave out the rules' direction", { ingress: [{}], policyTypes: ["Egress"] }],
    ["empty selectors as peers", from({ podSelector: {} }, { namespaceSelector: {} })],
    ["both selectors in one peer", from({ podSelector: {}, namespaceSelector: {} })],
    ["a null ipBlock beside a selector", from({ podSelector: {}, ipBlock: null })],
    ["an IPv4 block", block("10.0.0.0/8", "10.1.0.0/16", "10.2.3.4/32")],
    ["an IPv6 block", block("2001:db8::/32", "2001:db8:1::/48")],
    ["an IPv6 block that is not canonical", block("2001:DB8:0:0::/32")],
    ["everything", block("0.0.0.0/0", "0.0.0.0/1")],
    ["the same except twice", block("10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/16")],
    ["except: null", from({ ipBlock: { cidr: "10.0.0.0/8", except: null } })],
    ["a port without anything", ports({})],
    ["a null port", ports(null)],
    ["port: null", ports({ port: null, protocol: null, endPort: null })],
    ["every protocol", ports({ protocol: "TCP" }, { protocol: "UDP" }, { protocol: "SCTP" })],
    ["the ends of the port range", ports({ port: 1 }, { port: 65535 })],
    ["endPort equal to port", ports({ port: 80, endPort: 80 })],
    ["endPort above port", ports({ port: 80, endPort: 65535 })],
    ["a named port of 15 characters", ports({ port: "abcdefghijklmno" })],
    ["a named port with digits and hyphens", ports({ port: "8-a-0" })],
    ["the same port twice", ports({ port: 80 }, { port: 80 })],
    ["an empty label value", selector({ matchLabels: { app: "" } })],
    ["a null label value", selector({ matchLabels: { app: null } })],
    ["a label value of 63 characters", selector({ matchLabels: { app: "a".repeat(63) } })],
    ["a label key with prefix", selector({ matchLabels: { "example.com/App_1.x-y": "Z" } })],
    ["a label called constructor", selector({ matchLabels: { constructor: "x" } })],
    ["In with an empty value", selector({ matchExpressions: [{ key: "a", operator: "In", values: [""] }] })],
    [
      "Exists with an empty list",
      selector({ matchExpressions: [{ key: "a", operator: "Exists", values: [] }] }),
    ],
    ["DoesNotExist", selector({ matchExpressions: [{ key: "a", operator: "DoesNotExist" }] })],
    ["NotIn", selector({ matchExpressions: [{ key: "a", operator: "NotIn", values: ["b", "b"] }] })],
  ])("%s", (_name, spec) => {
    expect(complaints(spec)).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["a name with dots", { name: "a.b-c.1" }],
    ["a name of 253 characters", { name: "a".repeat(253) }],
    ["a name that begins with a digit", { name: "1" }],
    ["generateName alone", { generateName: "web-" }],
    ["no namespace", { name: "web" }],
    [
      "what an export has",
      {
        name: "web",
        creationTimestamp: null,
        deletionTimestamp: "2026-01-02T03:04:05Z",
        uid: "x",
        managedFields: [{}],
      },
    ],
    [
      "annotations with upper case",
      { name: "web", annotations: { "Example.com/Note": "any text: ünïcode" } },
    ],
  ])("%s", (_name, metadata) => {
    expect(complaints({}, metadata)).toEqual([]);
  });
});

describe("refused by Kubernetes 1.36", () => {
  test.each<[string, unknown, string[]]>([
    ["an empty peer", from({}), [`${peerPath}: Required value: must specify a peer`]],
    ["a null peer", from(null), [`${peerPath}: Required value: must specify a peer`]],
    [
      "ipBlock with podSelector",
      from({ podSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }),
      [`${peerPath}: Forbidden: may not specify both ipBlock and another peer`],
    ],
    [
      "ipBlock with namespaceSelector",
      from({ namespaceSelector: {}, ipBlock: { cidr: "10.0.0.0/8" } }),
      [`${peerPath}: Forbidden: may not specify both ipBlock and another peer`],
    ],
    ["an empty ipBlock", from({ ipBlock: {} }), [`${cidrPath}: Required value`]],
    ["an empty cidr", block("", "10.0.0.0/8"), [`${cidrPath}: Required value`]],
    ["an address for a cidr", block("10.0.0.1"), [`${cidrPath}: Invalid value: "10.0.0.1": ${notACidr}`]],
    ["a short form", block("10/8"), [`${cidrPath}: Invalid value: "10/8": ${notACidr}`]],
    ["a prefix too long", block("10.0.0.0/33"), [`${cidrPath}: Invalid value: "10.0.0.0/33": ${notACidr}`]],
    ["a space", block(" 10.0.0.0/8"), [`${cidrPath}: Invalid value: " 10.0.0.0/8": ${notACidr}`]],
    ["a zone", block("fe80::%eth0/64"), [`${cidrPath}: Invalid value: "fe80::%eth0/64": ${notACidr}`]],
    ["host bits", block("10.0.0.1/8"), [`${cidrPath}: Invalid value: "10.0.0.1/8": ${hostBits}`]],
    [
      "IPv6 host bits",
      block("2001:db8::1/64"),
      [`${cidrPath}: Invalid value: "2001:db8::1/64": ${hostBits}`],
    ],
    ["leading zeros", block("010.0.0.0/8"), [`${cidrPath}: Invalid value: "010.0.0.0/8": ${leadingZeros}`]],
    [
      "zeros in the prefix",
      block("10.0.0.0/08"),
      [`${cidrPath}: Invalid value: "10.0.0.0/08": ${leadingZeros}`],
    ],
    [
      "five digits in a group",
      block("00001::/16"),
      [`${cidrPath}: Invalid value: "00001::/16": ${leadingZeros}`],
    ],
    [
      "IPv4-mapped",
      block("::ffff:10.0.0.0/104"),
      [`${cidrPath}: Invalid value: "::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 address`],
    ],
    [
      "except outside of cidr",
      block("10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/16"),
      [`${peerPath}.ipBlock.except[1]: Invalid value: "11.0.0.0/16": ${notASubset}`],
    ],
    [
      "except equal to cidr",
      block("10.0.0.0/8", "10.0.0.0/8"),
      [`${peerPath}.ipBlock.except[0]: Invalid value: "10.0.0.0/8": ${notASubset}`],
    ],
    [
      "except wider than cidr",
      block("10.0.0.0/8", "0.0.0.0/0"),
      [`${peerPath}.ipBlock.except[0]: Invalid value: "0.0.0.0/0": ${notASubset}`],
    ],
    [
      "except of the other family",
      block("0.0.0.0/0", "2001:db8::/64"),
      [`${peerPath}.ipBlock.except[0]: Invalid value: "2001:db8::/64": ${notASubset}`],
    ],
    [
      "except that is no cidr",
      block("10.0.0.0/8", "10.1", null),
      [
        `${peerPath}.ipBlock.except[0]: Invalid value: "10.1": ${notACidr}`,
        `${peerPath}.ipBlock.except[1]: Invalid value: "": ${notACidr}`,
      ],
    ],
    [
      "two faults in one except",
      block("10.0.0.0/8", "11.0.0.1/16"),
      [
        `${peerPath}.ipBlock.except[0]: Invalid value: "11.0.0.1/16": ${hostBits}`,
        `${peerPath}.ipBlock.except[0]: Invalid value: "11.0.0.1/16": ${notASubset}`,
      ],
    ],
    ["port 0", ports({ port: 0 }), [`${portPath}.port: Invalid value: 0: ${outOfRange}`]],
    ["port 65536", ports({ port: 65536 }), [`${portPath}.port: Invalid value: 65536: ${outOfRange}`]],
    ["a negative port", ports({ port: -1 }), [`${portPath}.port: Invalid value: -1: ${outOfRange}`]],
    [
      "a number in quotes",
      ports({ port: "80" }),
      [`${portPath}.port: Invalid value: "80": must contain at least one letter (a-z)`],
    ],
    [
      "an empty port name",
      ports({ port: "" }),
      [
        `${portPath}.port: Invalid value: "": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
        `${portPath}.port: Invalid value: "": must contain at least one letter (a-z)`,
      ],
    ],
    [
      "upper case in a port name",
      ports({ port: "Http" }),
      [
        `${portPath}.port: Invalid value: "Http": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)`,
      ],
    ],
    [
      "a port name of 16 characters",
      ports({ port: "abcdefghijklmnop" }),
      [`${portPath}.port: Invalid value: "abcdefghijklmnop": must be no more than 15 bytes`],
    ],
    [
      "hyphens in a port name",
      ports({ port: "-a--b" }),
      [
        `${portPath}.port: Invalid value: "-a--b": must not contain consecutive hyphens`,
        `${portPath}.port: Invalid value: "-a--b": must not begin or end with a hyphen`,
      ],
    ],
    [
      "a protocol in lower case",
      ports({ protocol: "tcp", port: 80 }),
      [`${portPath}.protocol: Unsupported value: "tcp": supported values: "TCP", "UDP", "SCTP"`],
    ],
    [
      "an empty protocol",
      ports({ protocol: "" }),
      [`${portPath}.protocol: Unsupported value: "": supported values: "TCP", "UDP", "SCTP"`],
    ],
    [
      "endPort without port",
      ports({ endPort: 90 }),
      [`${portPath}.endPort: Invalid value: 90: may not be specified when \`port\` is not specified`],
    ],
    [
      "endPort with a named port",
      ports({ port: "http", endPort: 90 }),
      [`${portPath}.endPort: Invalid value: 90: may not be specified when \`port\` is non-numeric`],
    ],
    [
      "endPort below port",
      ports({ port: 80, endPort: 79 }),
      [`${portPath}.endPort: Invalid value: 79: must be greater than or equal to \`port\``],
    ],
    [
      "endPort out of range",
      ports({ port: 80, endPort: 65536 }),
      [`${portPath}.endPort: Invalid value: 65536: ${outOfRange}`],
    ],
    [
      "three policy types",
      { policyTypes: ["Ingress", "Egress", "Ingress"] },
      [
        `spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes`,
      ],
    ],
    [
      "a wrong policy type",
      { policyTypes: ["ingress", null] },
      [
        `spec.policyTypes[0]: Unsupported value: "ingress": supported values: "Ingress", "Egress"`,
        `spec.policyTypes[1]: Unsupported value: "": supported values: "Ingress", "Egress"`,
      ],
    ],
    [
      "In without values",
      selector({ matchExpressions: [{ key: "a", operator: "In" }] }),
      [
        "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      ],
    ],
    [
      "Exists with values",
      selector({ matchExpressions: [{ key: "a", operator: "Exists", values: ["b"] }] }),
      [
        "spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      ],
    ],
    [
      "an unknown operator",
      selector({ matchExpressions: [{ key: "a", operator: "Equals", values: ["b"] }] }),
      [
        `spec.podSelector.matchExpressions[0].operator: Invalid value: "Equals": not a valid selector operator`,
      ],
    ],
    [
      "an empty expression",
      selector({ matchExpressions: [null] }),
      [
        `spec.podSelector.matchExpressions[0].operator: Invalid value: "": not a valid selector operator`,
        `spec.podSelector.matchExpressions[0].key: Invalid value: "": name part must be non-empty`,
        `spec.podSelector.matchExpressions[0].key: Invalid value: "": ${namePart}`,
      ],
    ],
    [
      "a value in an expression",
      selector({ matchExpressions: [{ key: "a", operator: "In", values: ["ok", "-"] }] }),
      [`spec.podSelector.matchExpressions[0].values[1]: Invalid value: "-": ${labelValue}`],
    ],
    [
      "a label value of 64 characters",
      selector({ matchLabels: { app: "a".repeat(64) } }),
      [`spec.podSelector.matchLabels: Invalid value: "${"a".repeat(64)}": must be no more than 63 bytes`],
    ],
    [
      "a label value with a space",
      selector({ matchLabels: { app: "a b" } }),
      [`spec.podSelector.matchLabels: Invalid value: "a b": ${labelValue}`],
    ],
    [
      "a label key with two slashes",
      selector({ matchLabels: { "a/b/c": "" } }),
      [
        `spec.podSelector.matchLabels: Invalid value: "a/b/c": a valid label key ${namePart.replace("name part ", "")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ],
    ],
    [
      "a label key without a prefix before the slash",
      selector({ matchLabels: { "/a": "" } }),
      [`spec.podSelector.matchLabels: Invalid value: "/a": prefix part must be non-empty`],
    ],
    [
      "a label key without a name after the slash",
      selector({ matchLabels: { "a/": "" } }),
      [
        `spec.podSelector.matchLabels: Invalid value: "a/": name part must be non-empty`,
        `spec.podSelector.matchLabels: Invalid value: "a/": ${namePart}`,
      ],
    ],
    [
      "a label key with a prefix in upper case",
      selector({ matchLabels: { "A/b": "" } }),
      [`spec.podSelector.matchLabels: Invalid value: "A/b": prefix part ${subdomain}`],
    ],
    [
      "a label key of 64 characters",
      selector({ matchLabels: { ["k".repeat(64)]: "" } }),
      [
        `spec.podSelector.matchLabels: Invalid value: "${"k".repeat(64)}": name part must be no more than 63 bytes`,
      ],
    ],
    [
      "selectors of peers",
      {
        egress: [
          {
            to: [
              { podSelector: { matchLabels: { a: "-" } }, namespaceSelector: { matchLabels: { a: "-" } } },
            ],
          },
        ],
      },
      [
        `spec.egress[0].to[0].podSelector.matchLabels: Invalid value: "-": ${labelValue}`,
        `spec.egress[0].to[0].namespaceSelector.matchLabels: Invalid value: "-": ${labelValue}`,
      ],
    ],
    ["an unknown field", { ingres: [] }, [`spec.ingres: unknown field "spec.ingres"`]],
    [
      "an unknown field deep inside",
      { ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", excpet: [] } }] }] },
      [`${peerPath}.ipBlock.excpet: unknown field "spec.ingress[0].from[0].ipBlock.excpet"`],
    ],
    ["a field in another case", { PodSelector: {} }, [`spec.PodSelector: unknown field "spec.PodSelector"`]],
    [
      "`to` in an ingress rule",
      { ingress: [{ to: [] }] },
      [`spec.ingress[0].to: unknown field "spec.ingress[0].to"`],
    ],
    [
      "a rule that is no list",
      { ingress: {} },
      ["spec.ingress: cannot unmarshal object into field of type array"],
    ],
    [
      "a boolean label",
      selector({ matchLabels: { a: true } }),
      ["spec.podSelector.matchLabels.a: cannot unmarshal bool into field of type string"],
    ],
    [
      "a fraction for a port",
      ports({ port: 80.5 }),
      [`${portPath}.port: cannot unmarshal number 80.5 into field of type int32 or string`],
    ],
    [
      "a port beyond 32 bits",
      ports({ port: 2 ** 31 }),
      [`${portPath}.port: cannot unmarshal number 2147483648 into field of type int32 or string`],
    ],
    [
      "endPort in quotes",
      ports({ port: 1, endPort: "2" }),
      [`${portPath}.endPort: cannot unmarshal string into field of type int32`],
    ],
    ["a spec that is a list", [], ["spec: cannot unmarshal array into field of type object"]],
  ])("%s", (_name, spec, expected) => {
    expect(complaints(spec)).toEqual(expected);
  });

  test.each<[string, unknown, string[]]>([
    ["null metadata", null, ["metadata.name: Required value: name or generateName is required"]],
    ["an empty name", { name: "" }, ["metadata.name: Required value: name or generateName is required"]],
    ["a name in upper case", { name: "Web" }, [`metadata.name: Invalid value: "Web": ${subdomain}`]],
    ["a name with an underscore", { name: "a_b" }, [`metadata.name: Invalid value: "a_b": ${subdomain}`]],
    [
      "a name of 254 characters",
      { name: "a".repeat(254) },
      [`metadata.name: Invalid value: "${"a".repeat(254)}": must be no more than 253 bytes`],
    ],
    [
      "a namespace with a dot",
      { name: "a", namespace: "b.c" },
      [`metadata.namespace: Invalid value: "b.c": must not contain dots`],
    ],
    [
      "a namespace in upper case",
      { name: "a", namespace: "B" },
      [`metadata.namespace: Invalid value: "B": ${dnsLabel}`],
    ],
    [
      "a generateName in upper case",
      { generateName: "Web-" },
      [`metadata.generateName: Invalid value: "Web-": ${subdomain}`],
    ],
    ["labels", { name: "a", labels: { a: "-" } }, [`metadata.labels: Invalid value: "-": ${labelValue}`]],
    [
      "annotation keys",
      { name: "a", annotations: { "a b": "" } },
      [`metadata.annotations: Invalid value: "a b": ${namePart}`],
    ],
    [
      "annotations of more than 256 KiB",
      { name: "a", annotations: { a: "x".repeat(256 * 1024) } },
      ["metadata.annotations: Too long: may not be more than 262144 bytes"],
    ],
    [
      "a time that is none",
      { name: "a", creationTimestamp: "yesterday" },
      ['metadata.creationTimestamp: cannot parse "yesterday" as RFC 3339 time'],
    ],
    ["an unknown field", { name: "a", lables: {} }, [`metadata.lables: unknown field "metadata.lables"`]],
    [
      "a negative generation",
      { name: "a", generation: -1 },
      ["metadata.generation: Invalid value: -1: must be greater than or equal to 0"],
    ],
    [
      "finalizers",
      { name: "a", finalizers: ["a b"] },
      [`metadata.finalizers: Invalid value: "a b": ${namePart}`],
    ],
    [
      "two controllers",
      {
        name: "a",
        ownerReferences: ["x", "y"].map((name) => ({
          apiVersion: "v1",
          kind: "K",
          name,
          uid: "u",
          controller: true,
        })),
      },
      [
        expect.stringMatching(
          /^metadata.ownerReferences: .*"true" in references for K\/x and K\/y$/,
        ) as unknown as string,
      ],
    ],
    [
      "an owner without a uid",
      { name: "a", ownerReferences: [{ apiVersion: "v1", kind: "K", name: "x" }] },
      [`metadata.ownerReferences.uid: Invalid value: "": must not be empty`],
    ],
  ])("%s", (_name, metadata, expected) => {
    expect(complaints({}, metadata)).toEqual(expected);
  });

  test("a status left over from 1.24 to 1.27", () => {
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "a" },
      status: {},
    };
    expect(validateObject(policy).map(({ message }) => message)).toEqual(['unknown field "status"']);
  });

  test("all errors at once, in the API server's order", () => {
    const spec = {
      podSelector: { matchLabels: { a: "-" } },
      ingress: [{ from: [{}], ports: [{ port: 0 }] }],
      egress: [{ to: [{}] }],
      policyTypes: ["x"],
    };
    expect(complaints(spec, { name: "A" }).map((line) => line.split(":")[0])).toEqual([
      "metadata.name",
      "spec.podSelector.matchLabels",
      "spec.ingress[0].ports[0].port",
      "spec.ingress[0].from[0]",
      "spec.egress[0].to[0]",
      "spec.policyTypes[0]",
    ]);
  });
});
