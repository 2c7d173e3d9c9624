import { addresses, type PlaceName, type TestNode } from "./test-node.testing.ts";

/** `web → api:80 yes`: from a place to an address; `no` is silence, `refused` an answer. */
export type Expected = `${PlaceName} → ${keyof typeof addresses}:${80 | 81} ${"yes" | "no" | "refused"}`;

/** What the policies `apiFromWeb` and `jobToApi` make of it. */
export const judged: readonly Expected[] = [
  "web → api:80 yes",
  "web → api:81 no",
  "web → outside:80 yes",
  "outside → api:80 no",
  "job → outside:80 no",
  "job → node:80 no",
];

/**
 * Sends what the lines say, all at once, over both families and with TCP and UDP, and tells the lines that are not so.
 * An answer is waited for as long as it takes.
 */
export async function notSo(
  node: TestNode,
  lines: readonly Expected[],
  silenceMs = 250,
): Promise<readonly string[]> {
  const wrong = await Promise.all(
    lines.flatMap((line) =>
      ([0, 1] as const).flatMap((family) =>
        (["tcp", "udp"] as const).map(async (protocol) => {
          const [from = "", to = "", port, expected] = line.split(/ → |:| /);
          const timeoutMs = expected === "no" ? silenceMs : 5_000;
          const host = addresses[to as keyof typeof addresses][family];
          const outcome = await node
            .place(from as PlaceName)
            .probe(host, Number(port), { protocol, timeoutMs });
          const got = outcome === "silence" ? "no" : outcome === "refused" ? outcome : "yes";
          return got === expected ? [] : [`${from} → ${host} ${protocol} ${port}: ${got}, not ${expected}`];
        }),
      ),
    ),
  );
  return wrong.flat();
}
