/** A network prefix. `text` is canonical (`10.0.0.0/8`), host bits cleared. `first` and `last` are inclusive. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly text: string;
}
