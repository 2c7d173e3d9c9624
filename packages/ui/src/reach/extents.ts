import { cellAt, itself } from "../engine/picture.ts";
import { type Box, type Extent, passage, type Scene } from "./scene.ts";

/** The extents of a whole scene, for drawing thousands of cells: each is found once. */
export class Extents {
  readonly scene: Scene;
  readonly #known: Uint8Array;

  constructor(scene: Scene) {
    this.scene = scene;
    this.#known = new Uint8Array(scene.boxes.length ** 2);
  }

  /** From the box at the one place to that at the other. */
  at(from: number, to: number): Extent {
    const place = from * this.scene.boxes.length + to;
    const known = this.#known[place]!;
    if (known !== 0) return extents[known - 1]!;
    const extent = this.#find(this.scene.boxes[from]!, this.scene.boxes[to]!);
    this.#known[place] = extents.indexOf(extent) + 1;
    return extent;
  }

  #find(from: Box, to: Box): Extent {
    const { picture } = this.scene;
    if (from.members.length > 1 || to.members.length > 1) return passage(this.scene, from, to).extent;
    const cell = cellAt(picture, from.members[0]!, to.members[0]!);
    if (cell === itself) return "void";
    if (cell === 0) return "none";
    return cell === picture.everything ? "all" : "some";
  }
}

const extents: readonly Extent[] = ["all", "some", "none", "void"];
