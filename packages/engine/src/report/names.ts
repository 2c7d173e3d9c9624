import type { PortSet } from "../net/port-set.ts";
import type { ListedPeer } from "../reach/listed-peer.ts";
import { listedPeerText } from "./listed-peer-text.ts";
import { portSetText } from "./port-set-text.ts";

/** The texts of a list's peers and port sets as a format writes them: each is made once. */
export class Names {
  readonly #peers = new Map<ListedPeer, string>();
  readonly #ports = new Map<PortSet, string>();
  readonly #write: (text: string) => string;

  /** @param write How the format escapes a text. */
  constructor(write: (text: string) => string = (text) => text) {
    this.#write = write;
  }

  peer(peer: ListedPeer): string {
    let text = this.#peers.get(peer);
    if (text === undefined) {
      text = this.#write(listedPeerText(peer));
      this.#peers.set(peer, text);
    }
    return text;
  }

  ports(ports: PortSet): string {
    let text = this.#ports.get(ports);
    if (text === undefined) {
      text = this.#write(portSetText(ports));
      this.#ports.set(ports, text);
    }
    return text;
  }
}
