import type { Verification, VerifiedPair } from "./verification.ts";

/** A verification with a finding of every kind. `name` stands in every place where a user's text can. */
export function sampleVerification(name = "shop/web-1"): Verification {
  const pair = (
    from: string,
    to: string,
    predicted: "allow" | "deny" | "some",
    confirmed = true,
    kind: VerifiedPair["kind"] = "pod",
  ): VerifiedPair => ({
    from,
    to,
    kind,
    ports: [
      { protocol: "TCP", port: 80, predicted, confirmed },
      { protocol: "UDP", port: 53, predicted: "deny", confirmed: true },
    ],
  });
  return {
    pods: [
      { name, group: name, addresses: ["10.244.0.1"] },
      { name: "shop/api-1", group: "shop/api", addresses: ["10.244.0.2"] },
      { name: "shop/api-2", group: "shop/api", addresses: ["10.244.0.3"] },
    ],
    services: ["shop/api"],
    policies: 1,
    notes: [`note on ${name}`],
    notProbed: [{ what: `Pod ${name}`, why: "it is on the node's network" }],
    pairs: [
      pair(name, "shop/api-1", "allow"),
      pair(name, "shop/api-2", "deny", false),
      pair("shop/api-1", name, "deny"),
      pair("shop/api-1", "shop/api", "some", true, "service"),
    ],
    disagreements: [
      {
        from: name,
        to: "shop/api-2",
        address: "10.244.0.3",
        protocol: "TCP",
        port: 80,
        predicted: "silence (dropped)",
        observed: "an answer from shop/api-2",
        attempts: 1,
        explanation: `${name} → shop/api-2: denied\n\nIngress: denied`,
        decidedBy: [{ policy: "shop/api", rule: "ingress[0]", file: `${name}.yaml`, line: 7 }],
        kernel: {
          verdict: "accept",
          dropped: 0,
          trace: [`c_ingress rule 0 comment "${name}"`],
          chains: [{ name: "p_1", rules: ["tcp dport 80 counter packets 1 bytes 60 accept"] }],
        },
      },
    ],
    assertions: [
      { name: `holds ${name}`, expect: "allow", file: "a.yaml", line: 4, flows: 2, holds: true, details: [] },
      {
        name: `fails ${name}`,
        expect: "deny",
        file: "a.yaml",
        line: 9,
        flows: 1,
        holds: false,
        details: [`because ${name}`],
      },
    ],
    probes: 1234,
  };
}
