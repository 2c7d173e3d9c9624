import { type Cidr, cidrFromValue, cidrWithin } from "../../net/cidr.ts";
import type { CidrBlock } from "../../net/cidr-set.ts";

/** The text of every address outside the cluster. */
export const outsideText = "outside";

/**
 * A set of addresses in the fewest prefixes: `10.0.0.0/8,192.0.2.0/24`, `10.0.0.0/8 except 10.1.0.0/16`,
 * `10.1.2.0/24 and 10.0.0.0/8 except 10.1.0.0/16`, `outside except 10.0.0.0/8`, `outside`. Exact: different sets have
 * different texts. An `except` reaches to the next `and`, and takes away from its own prefix only.
 * @param cidrs Disjoint and as few as possible, as `subtractAndMerge` gives them.
 */
export function addressesText(cidrs: readonly Cidr[]): string {
  const families = ([4, 6] as const).map((family) =>
    describe(
      cidrFromValue(family, 0n, 0),
      cidrs.filter((cidr) => cidr.family === family),
    ),
  );
  const all = families.flatMap(({ blocks }) => blocks);
  const whole = all.filter(({ cidr }) => cidr.prefix === 0);
  const isOutside = whole.length === 2;
  const blocks = isOutside ? all.filter(({ cidr }) => cidr.prefix > 0) : all;
  const plain = blocks.filter(({ except }) => except.length === 0).map(({ cidr }) => cidr);
  const cut = blocks.filter(({ except }) => except.length > 0);
  return [
    ...(plain.length > 0 ? [texts(plain)] : []),
    ...cut.map(({ cidr, except }) => `${cidr.text} except ${texts(except)}`),
    ...(isOutside ? [wholeText(whole.flatMap(({ except }) => except))] : []),
  ].join(" and ");
}

interface Description {
  /** The set as a union. */
  readonly blocks: readonly CidrBlock[];
  /** The set as the whole prefix, less `except`, with `again` added. */
  readonly holes: { readonly except: readonly Cidr[]; readonly again: readonly CidrBlock[] };
}

/** The part of a set that lies within a prefix, in both ways as short as its halves allow. */
function describe(prefix: Cidr, inside: readonly Cidr[]): Description {
  const [only] = inside;
  if (only === undefined) return { blocks: [], holes: { except: [prefix], again: [] } };
  if (only.prefix === prefix.prefix)
    return { blocks: [{ cidr: prefix, except: [] }], holes: { except: [], again: [] } };
  const lower = cidrFromValue(prefix.family, prefix.first, prefix.prefix + 1);
  const upper = cidrFromValue(prefix.family, prefix.last, prefix.prefix + 1);
  const halves = [lower, upper].map((half) =>
    describe(
      half,
      inside.filter((cidr) => cidrWithin(cidr, half)),
    ),
  );
  const except = halves.flatMap((half) => half.holes.except);
  const again = halves.flatMap((half) => half.holes.again);
  const joined = halves.flatMap((half) => half.blocks);
  const whole = [{ cidr: prefix, except }, ...again];
  const blocks = length(whole) < length(joined) ? whole : joined;
  const shorter = 1 + length(blocks) < except.length + length(again);
  return { blocks, holes: shorter ? { except: [prefix], again: blocks } : { except, again } };
}

const length = (blocks: readonly CidrBlock[]): number =>
  blocks.reduce((sum, { except }) => sum + 1 + except.length, 0);

const wholeText = (except: readonly Cidr[]): string =>
  except.length === 0 ? outsideText : `${outsideText} except ${texts(except)}`;

const texts = (cidrs: readonly Cidr[]): string => cidrs.map(({ text }) => text).join();
