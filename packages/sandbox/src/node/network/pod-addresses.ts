/** The two addresses of a pod, and what is derived from them. */
export interface PodAddresses {
  /** 1..65534, the same number in both addresses. */
  readonly index: number;
  readonly ipv4: string;
  readonly ipv6: string;
}

const last = 0xfffe;

/**
 * Hands out pod addresses in turn, so that a freed address comes back as late as possible: nobody should meet an old
 * pod's address on a new pod while something still remembers the old one.
 */
export class PodAddressPool {
  readonly #taken = new Set<number>();
  #next = 1;

  /** @throws Error when all 64,000 or so are taken. */
  allocate(): PodAddresses {
    for (let tries = 0; tries <= last; tries++) {
      const index = this.#next;
      this.#next = index >= last ? 1 : index + 1;
      if (this.#taken.has(index) || !usable(index)) continue;
      this.#taken.add(index);
      return addressesOf(index);
    }
    throw new Error("every pod address is taken");
  }

  release(addresses: PodAddresses): void {
    this.#taken.delete(addresses.index);
  }
}

/** .0 and .255 work, but read as network and broadcast addresses. */
function usable(index: number): boolean {
  const low = index & 0xff;
  return low !== 0 && low !== 0xff;
}

function addressesOf(index: number): PodAddresses {
  return {
    index,
    ipv4: `10.244.${index >> 8}.${index & 0xff}`,
    ipv6: `fd00:10:244::${index.toString(16)}`,
  };
}
