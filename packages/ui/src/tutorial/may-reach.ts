import { cellAt, type Picture } from "../engine/picture.ts";

/** Whether one peer may reach another on at least one port, by their names; false when one is not there. */
export function mayReach(picture: Picture, source: string, destination: string): boolean {
  const place = (name: string) => picture.peers.findIndex((peer) => peer.name === name);
  const [from, to] = [place(source), place(destination)];
  return from >= 0 && to >= 0 && cellAt(picture, from, to) !== 0;
}
