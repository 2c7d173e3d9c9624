/** An IP address. `text` is canonical (dotted quad; RFC 5952), so two addresses are equal when their texts are. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly text: string;
}
