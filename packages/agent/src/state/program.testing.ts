import {
  AddressList,
  addressFromValue,
  addressList,
  cidrFromValue,
  type LocalPod,
  type PolicyChain,
  type Program,
  type ProgramRule,
} from "@portcullis/engine";
import fc from "fast-check";

const address = fc.oneof(
  fc.bigInt(0n, 2n ** 32n - 1n).map((value) => addressFromValue(4, value)),
  // Not the IPv4-mapped ones, which are no addresses of pods.
  fc.bigInt(2n ** 64n, 2n ** 128n - 1n).map((value) => addressFromValue(6, value)),
);

const cidr = fc.oneof(
  fc
    .tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 0, max: 32 }))
    .map(([value, prefix]) => cidrFromValue(4, value, prefix)),
  fc
    .tuple(fc.bigInt(2n ** 64n, 2n ** 128n - 1n), fc.integer({ min: 48, max: 128 }))
    .map(([value, prefix]) => cidrFromValue(6, value, prefix)),
);

const name = fc.oneof(fc.constantFrom("shop/web", "a/b", "ключ/значение", '"/\n'), fc.string());
const protocol = fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const);
const port = fc.integer({ min: 0, max: 65_535 });
const few = { maxLength: 4 };
const unique = { selector: ({ id }: { readonly id: string }) => id, maxLength: 3 };

/** Any program at all whose rules and pods name what is there. */
export const anyProgram: fc.Arbitrary<Program> = fc
  .record({
    addressSets: fc.uniqueArray(
      fc.record({ id: name, addresses: fc.array(address, few).map(addressList) }),
      unique,
    ),
    endpointSets: fc.uniqueArray(
      fc.record({ id: name, endpoints: fc.array(fc.record({ address, protocol, port }), few) }),
      unique,
    ),
  })
  .chain((sets) => {
    const addressSet = choiceOf(sets.addressSets);
    const endpoints = choiceOf(sets.endpointSets);
    const rule: fc.Arbitrary<ProgramRule> = fc.record(
      {
        policy: name,
        index: fc.nat(9),
        peers: fc.oneof(
          fc.constant("any" as const),
          fc.record({ addressSet, cidrs: fc.array(cidr, few) }, { requiredKeys: ["cidrs"] }),
        ),
        ports: fc.oneof(
          fc.constant("any" as const),
          fc.array(fc.record({ protocol, from: port, to: port }), few),
        ),
        endpoints,
      },
      { requiredKeys: ["policy", "index", "peers", "ports"] },
    ) as fc.Arbitrary<ProgramRule>;
    const chain: fc.Arbitrary<PolicyChain> = fc.record({
      id: name,
      direction: fc.constantFrom("Ingress" as const, "Egress" as const),
      policies: fc.array(name, few),
      rules: fc.array(rule, few),
    });
    return fc.record({ ...constants(sets), chains: fc.uniqueArray(chain, unique) });
  })
  .chain((parts) => {
    const id = choiceOf(parts.chains);
    const addresses = fc.array(address, few);
    const pod = fc.record(
      { key: name, addresses, ingress: id, egress: id, nodeAddresses: addresses },
      { requiredKeys: ["key", "addresses"] },
    ) as fc.Arbitrary<LocalPod>;
    return fc.record({ ...constants(parts), pods: fc.array(pod, few) });
  })
  .map((program) => withoutUndefined(program) as Program);

/** The id of one of these; a field that is left out where there is none. */
function choiceOf(items: readonly { readonly id: string }[]): fc.Arbitrary<string | undefined> {
  return items.length === 0 ? fc.constant(undefined) : fc.constantFrom(...items.map(({ id }) => id));
}

function constants<T extends object>(parts: T): { readonly [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, fc.constant(part)])) as never;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null || value instanceof AddressList) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutUndefined(field)]));
}
