import fc from "fast-check";

/** Edits to a text: at a place (0 to 1) so many characters go, and others come or are copied from elsewhere in it. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
  readonly copyFrom: number | null;
}

const place = fc.double({ min: 0, max: 1, noNaN: true });

/** @param fragments What is more likely than noise to lead a parser astray. */
export function edits(fragments: readonly string[]): fc.Arbitrary<readonly Edit[]> {
  const edit = fc.record({
    at: place,
    remove: fc.integer({ min: 0, max: 30 }),
    insert: fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 4 })),
    copyFrom: fc.option(place),
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 });
}

export function edited(text: string, some: readonly Edit[]): string {
  return some.reduce((current, { at, remove, insert, copyFrom }) => {
    const start = Math.floor(at * current.length);
    const from = Math.floor((copyFrom ?? 0) * current.length);
    const copied = copyFrom === null ? "" : current.slice(from, from + remove);
    return current.slice(0, start) + insert + copied + current.slice(start + remove);
  }, text);
}
