import { type Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from "yaml";

/** The mark that a context of ours carries, in its `extensions`. */
const ourExtension = "portcullis";

const lists = ["clusters", "users", "contexts"] as const;

/** A kubeconfig with ours in it, or why that cannot be. */
export type Merged = { readonly text: string } | { readonly refused: string };

/**
 * A kubeconfig with the clusters, users and contexts of ours added, or replaced where they are ours by their mark. All
 * else stays as it is, comments too, and so does the current context when there is one.
 * @param theirs Text of the file; undefined when there is none.
 * @param ours Text of a kubeconfig whose clusters, users and contexts have one name.
 */
export function mergeKubeconfig(theirs: string | undefined, ours: string): Merged {
  if (theirs === undefined || theirs.trim() === "") return { text: ours };
  const document = parseDocument(theirs);
  const [error] = document.errors;
  if (error !== undefined) return { refused: `it cannot be read: ${error.message.split("\n")[0]}` };
  if (!isMap(document.contents)) return { refused: "it is no kubeconfig" };
  const added = parseDocument(ours);
  for (const list of lists) {
    const present = document.get(list);
    if (present !== undefined && present !== null && !isSeq(present))
      return { refused: `its ${list} are no list` };
  }
  const refused = strangers(document, added);
  if (refused !== undefined) return { refused };
  for (const list of lists) for (const entry of entriesOf(added, list)) put(document, list, entry);
  if (!document.get("current-context")) document.set("current-context", added.get("current-context"));
  return { text: document.toString({ lineWidth: 0, indentSeq: false }) };
}

/** What is there under our names and is not ours. */
function strangers(document: Document, added: Document): string | undefined {
  for (const entry of entriesOf(added, "contexts")) {
    const name = entry.get("name");
    const present = entriesOf(document, "contexts").find((each) => each.get("name") === name);
    if (present !== undefined && !isOurs(present)) return `it has a context named ${name}, which is not ours`;
    if (present !== undefined) continue;
    for (const list of ["clusters", "users"] as const) {
      const taken = entriesOf(document, list).some((each) => each.get("name") === name);
      if (taken) return `its ${list} have one named ${name}, which is not ours`;
    }
  }
  return undefined;
}

function isOurs(context: YAMLMap): boolean {
  const extensions = context.getIn(["context", "extensions"]);
  return (
    isSeq(extensions) && extensions.items.some((each) => isMap(each) && each.get("name") === ourExtension)
  );
}

function entriesOf(document: Document, list: string): readonly YAMLMap[] {
  const entries = document.get(list);
  return isSeq(entries) ? entries.items.filter((entry): entry is YAMLMap => isMap(entry)) : [];
}

function put(document: Document, list: string, entry: YAMLMap): void {
  const present = document.get(list);
  const entries = isSeq(present) ? present : new YAMLSeq();
  if (entries !== present) document.set(list, entries);
  // Written as our kubeconfig is, also in a file that writes its lists in one line.
  entries.flow = false;
  const index = entries.items.findIndex((each) => isMap(each) && each.get("name") === entry.get("name"));
  const copy = entry.clone();
  if (index >= 0) entries.items[index] = copy;
  else entries.items.push(copy);
}
