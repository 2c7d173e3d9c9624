import { type Cidr, cidrFromValue } from "../net/cidr.ts";
import { subtractAndMerge } from "../net/cidr-set.ts";
import { type AddressRange, rangeCidrs } from "../reach/outside.ts";

/** A side of an assertion as it is written: the text form, or a prefix with exceptions. */
export type RecordedPeer = string | { readonly cidr: string; readonly except: readonly string[] };

/** Ranges of addresses outside, in as few words as there are: `outside` for the whole of it. */
export function outsidePeers(ranges: readonly AddressRange[], whole: boolean): readonly RecordedPeer[] {
  if (whole) return ["outside"];
  const cidrs = rangeCidrs(ranges);
  return ([4, 6] as const).flatMap((family) => {
    const own = cidrs.filter((cidr) => cidr.family === family);
    return own.length === 0 ? [] : shorter(family, own);
  });
}

/** The prefixes themselves, or everything but the others when those are fewer. */
function shorter(family: 4 | 6, own: readonly Cidr[]): readonly RecordedPeer[] {
  const everything = cidrFromValue(family, 0n, 0);
  const others = subtractAndMerge([{ cidr: everything, except: own }]);
  if (others.length === 0 || others.length >= own.length) return own.map(({ text }) => text);
  return [{ cidr: everything.text, except: others.map(({ text }) => text) }];
}
