import { type Address, addressFromValue, type Cidr, cidrContains, parseCidr } from "@portcullis/engine";

/**
 * Gives out the addresses of one CIDR, lowest free one first. As in Kubernetes (KEP-3070), a band at the start, one
 * sixteenth of the range but 16 to 256 addresses, is given out last, so that addresses picked by hand seldom collide.
 */
export class IpAllocator {
  readonly cidr: Cidr;
  readonly #used = new Set<bigint>();
  readonly #first: bigint;
  readonly #last: bigint;
  readonly #bandEnd: bigint;
  /** No address between the band's end and this one is free. */
  #next: bigint;

  /** Throws RangeError for what is no CIDR or has no address to give. */
  constructor(text: string) {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new RangeError(`${text} is no CIDR`);
    this.cidr = cidr;
    this.#first = cidr.first + 1n;
    this.#last = cidr.family === 4 ? cidr.last - 1n : cidr.last;
    const size = this.#last - this.#first + 1n;
    if (size < 1n) throw new RangeError(`${text} is too small for Services`);
    this.#bandEnd = this.#first + staticBand(size);
    this.#next = this.#bandEnd;
  }

  /** A free address, or undefined when the range is full. */
  allocate(): Address | undefined {
    const value = this.#free(this.#next, this.#last) ?? this.#free(this.#first, this.#bandEnd - 1n);
    if (value === undefined) return undefined;
    if (value >= this.#bandEnd) this.#next = value + 1n;
    this.#used.add(value);
    return addressFromValue(this.cidr.family, value);
  }

  /** Takes a certain address. */
  take(address: Address): "taken" | "out of range" | "already allocated" {
    const { value } = address;
    if (!cidrContains(this.cidr, address) || value < this.#first || value > this.#last) return "out of range";
    if (this.#used.has(value)) return "already allocated";
    this.#used.add(value);
    return "taken";
  }

  /** Makes the address free again; nothing happens when it is free or of another range. */
  release(address: Address): void {
    if (!cidrContains(this.cidr, address) || !this.#used.delete(address.value)) return;
    if (address.value >= this.#bandEnd && address.value < this.#next) this.#next = address.value;
  }

  #free(from: bigint, to: bigint): bigint | undefined {
    for (let value = from; value <= to; value++) if (!this.#used.has(value)) return value;
    return undefined;
  }
}

function staticBand(size: bigint): bigint {
  if (size <= 16n) return 0n;
  const sixteenth = size / 16n;
  return sixteenth < 16n ? 16n : sixteenth > 256n ? 256n : sixteenth;
}
