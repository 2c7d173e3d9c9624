import { type AddressList, parseAddress } from "@portcullis/engine";
import type { Element, ElementChange, SetElements } from "@portcullis/nft";

/**
 * Addresses as the elements of a set. The selectors of broad peers take most of a cluster, so each element is made when it
 * is asked for, and two lists that share most of what they have are told apart by the rest.
 */
export class AddressElements implements SetElements {
  readonly #addresses: AddressList;

  constructor(addresses: AddressList) {
    this.#addresses = addresses;
  }

  get size(): number {
    return this.#addresses.length;
  }

  get(key: string): Element | undefined {
    return this.has(key) ? { key: [key] } : undefined;
  }

  has(key: string): boolean {
    const address = parseAddress(key);
    return address?.text === key && this.#addresses.has(address);
  }

  changeSince(before: SetElements): ElementChange | undefined {
    if (!(before instanceof AddressElements)) return undefined;
    const { added, removed } = this.#addresses.changeSince(before.#addresses);
    return { added: added.map(elementOf), removed: removed.map(elementOf) };
  }

  forEach(look: (element: Element, key: string, elements: SetElements) => void): void {
    for (const [key, element] of this) look(element, key, this);
  }

  *keys(): MapIterator<string> {
    for (const { text } of this.#addresses) yield text;
  }

  *values(): MapIterator<Element> {
    for (const address of this.#addresses) yield elementOf(address);
  }

  *entries(): MapIterator<[string, Element]> {
    for (const address of this.#addresses) yield [address.text, elementOf(address)];
  }

  [Symbol.iterator](): MapIterator<[string, Element]> {
    return this.entries();
  }
}

const elementOf = ({ text }: { readonly text: string }): Element => ({ key: [text] });
