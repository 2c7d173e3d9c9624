/** A browser shows some, and narrows them down while somebody types. */
const mostNames = 300;

/** Names that an input with `list` proposes. */
export function NameList({ id, names }: { readonly id: string; readonly names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.slice(0, mostNames).map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
