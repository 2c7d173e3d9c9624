import { canonicalRule } from "./canonical-rule.ts";
import { canonicalValue } from "./field.ts";
import { parseCounter } from "./parse-elements.ts";
import { parseFields, parseMatch, parseReference, parseTcpFlags } from "./parse-match.ts";
import { parseVerdict } from "./parse-verdict.ts";
import type { Reader } from "./reader.ts";
import type { Rule, Statement } from "./rule.ts";

function parseUpdate(reader: Reader): Statement {
  const set = parseReference(reader);
  reader.expect("{");
  const fields = parseFields(reader) ?? reader.fail("expected a field");
  const counter = reader.accept("counter");
  if (counter && reader.peek() === "packets") parseCounter(reader);
  reader.expect("}");
  return { kind: "update", set, fields, counter };
}

function parseLimit(reader: Reader): Statement {
  reader.expect("rate");
  const text = reader.word("a rate");
  const [, rate, per] = /^([0-9]+)\/(second|minute)$/.exec(text) ?? [];
  if (per !== "second" && per !== "minute") return reader.fail(`rate ${text} is not one we use`);
  if (!reader.accept("burst")) return { kind: "limit", rate: Number(rate), per };
  const burst = reader.number("a burst");
  reader.expect("packets");
  return { kind: "limit", rate: Number(rate), per, burst };
}

function parseLog(reader: Reader): Statement {
  let prefix: string | undefined;
  let group: number | undefined;
  for (;;) {
    if (reader.accept("prefix")) prefix = reader.word("a prefix");
    else if (reader.accept("group")) group = reader.number("a group");
    else break;
  }
  if (group === undefined) return reader.fail("a log without a group");
  return prefix ? { kind: "log", group, prefix } : { kind: "log", group };
}

function parseDnat(reader: Reader): Statement {
  const family = reader.accept("ip6") ? "ip6" : "ip";
  if (family === "ip") reader.expect("ip");
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const endpoint = (address: string | undefined, port: string | undefined) => {
    const canonical = address && canonicalValue(type, address);
    if (!canonical || !port || !/^[0-9]{1,5}$/.test(port))
      return reader.fail("expected an address and a port");
    return { address: canonical, port: Number(port) };
  };
  reader.expect("to");
  if (!reader.accept("numgen")) {
    const [, six, four, port] = /^(?:\[(.*)\]|([0-9.]+)):([0-9]+)$/.exec(reader.word("an endpoint")) ?? [];
    return { kind: "dnat", family, to: [endpoint(six ?? four, port)] };
  }
  for (const word of ["random", "mod"]) reader.expect(word);
  const count = reader.number("a number of endpoints");
  reader.expect("map");
  reader.expect("{");
  const to = [];
  do {
    reader.skipLineBreaks();
    if (reader.number("a place") !== to.length) reader.fail("endpoints out of order");
    reader.expect(":");
    const address = reader.word("an address");
    reader.expect(".");
    to.push(endpoint(address, reader.word("a port")));
    reader.skipLineBreaks();
  } while (reader.accept(","));
  reader.expect("}");
  if (to.length !== count) reader.fail(`${to.length} endpoints for mod ${count}`);
  return { kind: "dnat", family, to };
}

function parseReject(reader: Reader): Statement {
  if (reader.accept("with")) {
    if (reader.accept("tcp") && reader.accept("reset")) return { kind: "reject", with: "tcp reset" };
    if (reader.accept("icmpx") && (reader.accept("admin-prohibited") || reader.accept("3")))
      return { kind: "reject", with: "icmpx admin-prohibited" };
  }
  return reader.fail("a reject that is not one we use");
}

function parseStatement(reader: Reader): Statement {
  if (reader.peek() === "tcp" && reader.peek(1) === "flags") {
    reader.expect("tcp");
    reader.expect("flags");
    return parseTcpFlags(reader);
  }
  const verdict = parseVerdict(reader);
  if (verdict) return { kind: "verdict", verdict };
  const fields = parseFields(reader);
  if (fields) return parseMatch(reader, fields);
  if (reader.accept("counter"))
    return reader.peek() === "packets"
      ? { kind: "counter", value: parseCounter(reader) }
      : { kind: "counter" };
  if (reader.accept("update")) return parseUpdate(reader);
  if (reader.accept("limit")) return parseLimit(reader);
  if (reader.accept("log")) return parseLog(reader);
  if (reader.accept("dnat")) return parseDnat(reader);
  if (reader.accept("masquerade")) return { kind: "masquerade" };
  if (reader.accept("reject")) return parseReject(reader);
  return reader.fail(`${JSON.stringify(reader.peek() ?? "")} starts no statement that we use`);
}

/** Reads a rule up to the end of its line, into its canonical form. */
export function parseRule(reader: Reader): Rule {
  const statements: Statement[] = [];
  let comment: string | undefined;
  while (reader.peek() !== "\n" && reader.peek() !== ";" && reader.peek() !== undefined) {
    if (reader.accept("comment")) comment = reader.word("a comment");
    else statements.push(parseStatement(reader));
  }
  return canonicalRule(comment === undefined ? { statements } : { statements, comment });
}
