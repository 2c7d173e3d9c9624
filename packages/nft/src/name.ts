/** Longest name of a table, chain, set or map, in bytes (NFT_NAME_MAXLEN less the terminator). */
const NAME_LIMIT = 255;

/**
 * Passes a name through that nft's grammar takes. Names that are also keywords (`fwd`, `accept`) are refused by nft
 * itself: start every name with a prefix of your own (`c_`, `s_`).
 * @throws Error for a name that could not be a name (our bug); nothing else ever gets between the words of a command.
 */
export function formatName(name: string): string {
  if (name.length > NAME_LIMIT || !/^[A-Za-z][A-Za-z0-9_./-]*$/.test(name))
    throw new Error(`not a name for nftables: ${JSON.stringify(name)}`);
  return name;
}
