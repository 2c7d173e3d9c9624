// nslookup NAME [SERVER], for machines without one: asks as the resolver of the container would, search list included.
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";

const words = readFileSync("/etc/resolv.conf", "utf8")
  .split("\n")
  .map((line) => line.trim().split(/\s+/));
const valuesOf = (keyword: string) =>
  words.filter(([word]) => word === keyword).flatMap(([, ...rest]) => rest);

const [name = "", server = valuesOf("nameserver")[0] ?? "127.0.0.1"] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith("-"));

type Failure = "silence" | "NXDOMAIN" | "REFUSED" | "SERVFAIL";

const reasons: Readonly<Record<string, Failure>> = {
  ENOTFOUND: "NXDOMAIN",
  ENODATA: "NXDOMAIN",
  EREFUSED: "REFUSED",
  ESERVFAIL: "SERVFAIL",
};

await lookUp();

async function lookUp(): Promise<void> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([server]);
  process.stdout.write(`Server:\t\t${server}\nAddress:\t${server}#53\n\n`);
  let reason: unknown;
  for (const candidate of candidates()) {
    const answers = await Promise.all(
      [resolver.resolve4(candidate), resolver.resolve6(candidate)].map(orReason),
    );
    const addresses = answers.flatMap((answer) => (Array.isArray(answer) ? answer : []));
    for (const address of addresses) process.stdout.write(`Name:\t${candidate}\nAddress: ${address}\n`);
    if (addresses.length > 0) return;
    if (answers.includes("silence")) {
      process.stdout.write(";; connection timed out; no servers could be reached\n");
      process.exit(1);
    }
    reason = answers.find((answer) => answer === "REFUSED" || answer === "SERVFAIL") ?? "NXDOMAIN";
  }
  process.stdout.write(`** server can't find ${name}: ${reason}\n`);
  process.exit(1);
}

async function orReason(answer: Promise<string[]>): Promise<string[] | Failure> {
  try {
    return await answer;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return reasons[code] ?? "silence";
  }
}

/** As resolv.conf(5) has it: a name with fewer dots than ndots is tried below each search domain first. */
function candidates(): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const ndots = Number(
    valuesOf("options")
      .find((option) => option.startsWith("ndots:"))
      ?.slice(6) ?? 1,
  );
  const below = valuesOf("search").map((domain) => `${name}.${domain}`);
  return name.split(".").length - 1 < ndots ? [...below, name] : [name, ...below];
}
