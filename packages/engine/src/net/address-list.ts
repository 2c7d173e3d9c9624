import { type Address, compareAddresses } from "./address.ts";

/** Addresses of a piece, when many are cut into pieces. One of twice as many is cut, one of fewer than a quarter joins another. */
const pieceSize = 256;
const leastSize = pieceSize / 4;

type Piece = readonly Address[];

/** What tells a list from another. Both are sorted. */
export interface AddressChange {
  readonly added: readonly Address[];
  readonly removed: readonly Address[];
}

/**
 * Addresses in order (`compareAddresses`), each once. A list never changes. One that `with` made of another shares with it
 * all pieces but those that differ, and `changeSince` looks at no others: who follows a large list pays for what changes.
 */
export class AddressList implements Iterable<Address> {
  readonly #pieces: readonly Piece[];
  readonly length: number;

  /** `pieces`: none empty, in order. Lists are made by `addressList` and `with`. */
  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    let length = 0;
    for (const piece of pieces) length += piece.length;
    this.length = length;
  }

  *[Symbol.iterator](): IterableIterator<Address> {
    for (const piece of this.#pieces) for (const address of piece) yield address;
  }

  has(address: Address): boolean {
    const piece = this.#pieces[this.#placeOf(address)];
    return piece?.[firstFrom(piece, address)]?.text === address.text;
  }

  /** Those of one family: whole pieces are shared. */
  ofFamily(family: 4 | 6): AddressList {
    const pieces = this.#pieces.flatMap((piece): readonly Piece[] => {
      if (piece[0]!.family === piece.at(-1)!.family) return piece[0]!.family === family ? [piece] : [];
      return [piece.filter((address) => address.family === family)];
    });
    return this.#or(pieces);
  }

  /** This list without `removed` and then with `added`; what is not there to remove, or there already, changes nothing. */
  with({ added, removed }: AddressChange): AddressList {
    const edits = new Map<number, Edit>();
    const editOf = (address: Address) => {
      const place = this.#placeOf(address);
      let edit = edits.get(place);
      if (edit === undefined) {
        edit = { gone: new Set(), come: [] };
        edits.set(place, edit);
      }
      return edit;
    };
    for (const address of removed) editOf(address).gone.add(address.text);
    for (const address of added) editOf(address).come.push(address);
    const changed = new PieceList();
    // An empty list has no piece to change, and takes what comes all the same.
    for (let place = 0; place < Math.max(1, this.#pieces.length); place++) {
      const [piece, edit] = [this.#pieces[place] ?? [], edits.get(place)];
      changed.push(edit === undefined ? piece : edited(piece, edit));
    }
    return this.#or(changed.pieces);
  }

  /** What this list has and `before` has not, and the other way round. */
  changeSince(before: AddressList): AddressChange {
    const added: Address[] = [];
    const removed: Address[] = [];
    const [old, now] = [new Cursor(before.#pieces), new Cursor(this.#pieces)];
    for (;;) {
      while (old.wholePiece !== undefined && old.wholePiece === now.wholePiece) {
        old.skipPiece();
        now.skipPiece();
      }
      const [was, is] = [old.current, now.current];
      if (was === undefined && is === undefined) return { added, removed };
      const order =
        was === undefined ? 1 : is === undefined ? -1 : was === is ? 0 : compareAddresses(was, is);
      if (order < 0) removed.push(was!);
      if (order > 0) added.push(is!);
      if (order <= 0) old.next();
      if (order >= 0) now.next();
    }
  }

  /** This list, when the pieces are its own. */
  #or(pieces: readonly Piece[]): AddressList {
    const isSame =
      pieces.length === this.#pieces.length && pieces.every((each, i) => each === this.#pieces[i]);
    return isSame ? this : new AddressList(pieces);
  }

  /** The piece in which the address stands or would stand: the last that does not begin behind it. */
  #placeOf(address: Address): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareAddresses(this.#pieces[middle]![0]!, address) <= 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** Sorted and without repetition, whatever the order they come in. */
export function addressList(addresses: Iterable<Address> = []): AddressList {
  return new AddressList(cut(ordered([...addresses])));
}

/** A place in a list of pieces. */
class Cursor {
  readonly #pieces: readonly Piece[];
  #piece = 0;
  #index = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  get current(): Address | undefined {
    return this.#pieces[this.#piece]?.[this.#index];
  }

  /** The piece whose first address is the current one. */
  get wholePiece(): Piece | undefined {
    return this.#index === 0 ? this.#pieces[this.#piece] : undefined;
  }

  next(): void {
    this.#index += 1;
    if (this.#index === this.#pieces[this.#piece]?.length) this.skipPiece();
  }

  skipPiece(): void {
    this.#piece += 1;
    this.#index = 0;
  }
}

/** Sorts in place. */
function ordered(addresses: Address[]): Piece {
  addresses.sort(compareAddresses);
  return addresses.some((address, i) => address.text === addresses[i - 1]?.text)
    ? addresses.filter((address, i) => address.text !== addresses[i - 1]?.text)
    : addresses;
}

/** Into pieces of about `pieceSize`, when it is twice as large. */
function cut(addresses: Piece): readonly Piece[] {
  if (addresses.length === 0) return [];
  if (addresses.length < 2 * pieceSize) return [addresses];
  const count = Math.floor(addresses.length / pieceSize);
  return Array.from({ length: count }, (_, i) =>
    addresses.slice((i * addresses.length) / count, ((i + 1) * addresses.length) / count),
  );
}

/** Pieces one after another: what has become small joins its neighbour, so that they do not become many and tiny. */
class PieceList {
  readonly pieces: Piece[] = [];

  push(piece: Piece): void {
    if (piece.length === 0) return;
    const last = this.pieces.at(-1);
    if (last !== undefined && Math.min(last.length, piece.length) < leastSize)
      this.pieces.splice(-1, 1, ...cut([...last, ...piece]));
    else if (piece.length < 2 * pieceSize) this.pieces.push(piece);
    else this.pieces.push(...cut(piece));
  }
}

/** What becomes of one piece. */
interface Edit {
  readonly gone: Set<string>;
  readonly come: Address[];
}

/** The piece itself when nothing about it changes. */
function edited(piece: Piece, { gone, come }: Edit): Piece {
  const changed = ordered([...piece.filter(({ text }) => !gone.has(text)), ...come]);
  return changed.length === piece.length && changed.every((item, i) => item === piece[i]) ? piece : changed;
}

/** Binary search: the index of the first that is not before the address. */
function firstFrom(sorted: Piece, address: Address): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAddresses(sorted[middle]!, address) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
