/** nft refused a transaction; nothing of it was committed. */
export class NftError extends Error {
  override readonly name: string = "NftError";
  /** nft's own words, one error a line: `Error: Could not process rule: File exists`. */
  readonly words: string;
  /** The command that nft points at; undefined when it points at none. */
  readonly command: string | undefined;
  /** Its operation's place in the transaction, from 0. */
  readonly operation: number | undefined;

  constructor(words: string, command?: string, operation?: number) {
    super(command === undefined ? words : `${words}\n  in: ${shorten(command)}`);
    this.words = words;
    this.command = command;
    this.operation = operation;
  }
}

/** nft cannot be run, or died or hung before it answered: the transaction may have been committed. */
export class NftUnavailable extends Error {
  override readonly name: string = "NftUnavailable";
}

/** What to tell a user whose machine has no nft. */
export const MISSING_PROGRAM =
  "the program nft was not found: install nftables (Debian, Ubuntu: apt install nftables; Fedora: dnf install nftables)";

function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${text.length} characters)`;
}
