/** What is on the screen, as far as a link to it has to say. */
export interface ViewState {
  readonly view: View;
  /** How reach is drawn. */
  readonly drawn: Drawn;
  /** Namespaces whose workloads are shown; the others are one box each. */
  readonly expanded: readonly string[];
  /** Whether workloads of a namespace that every policy treats alike are one box. */
  readonly by: Grouping;
  /** `tcp/80`, `udp/53-60`, `icmp`; every port when "". */
  readonly port: string;
  /** Only peers whose name, namespace or workload has this text; a `ns:` before it asks for the namespace. */
  readonly find: string;
  /** Only workloads of one of the counts. */
  readonly only: Only | "";
  /** The cell that is explained, by ids of its peers; none when "". */
  readonly source: string;
  readonly destination: string;
}

export const views = ["reach", "workbench", "live", "tutorial"] as const;
export type View = (typeof views)[number];
/** `auto` is the graph as long as it can be read, and the matrix beyond. */
export const drawings = ["auto", "graph", "matrix", "list"] as const;
export type Drawn = (typeof drawings)[number];
export const groupings = ["workload", "class"] as const;
type Grouping = (typeof groupings)[number];
export const onlys = ["no-ingress-isolation", "no-egress-isolation", "from-outside"] as const;
export type Only = (typeof onlys)[number];

export const startView: ViewState = {
  view: "reach",
  drawn: "auto",
  expanded: [],
  by: "workload",
  port: "",
  find: "",
  only: "",
  source: "",
  destination: "",
};

/** The fragment of a link: `#/reach/matrix?port=tcp%2F80`. What is as at the start is left out. */
export function formatView(state: ViewState): string {
  const query = new URLSearchParams();
  for (const namespace of state.expanded) query.append("expanded", namespace);
  if (state.by !== startView.by) query.set("by", state.by);
  for (const key of texts) if (state[key] !== "") query.set(key, state[key]);
  const path = state.drawn === startView.drawn ? state.view : `${state.view}/${state.drawn}`;
  const text = query.toString();
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

/** Reads a fragment; what it does not know is as at the start, so that an old link still opens. */
export function parseView(fragment: string): ViewState {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?", 2);
  const [view, drawn] = path.split("/");
  const asked = new URLSearchParams(query);
  const value = (key: string) => asked.get(key) ?? "";
  return {
    view: oneOf(views, view) ?? startView.view,
    drawn: oneOf(drawings, drawn) ?? startView.drawn,
    expanded: asked.getAll("expanded"),
    by: oneOf(groupings, value("by")) ?? startView.by,
    port: value("port"),
    find: value("find"),
    only: oneOf(onlys, value("only")) ?? "",
    source: value("source"),
    destination: value("destination"),
  };
}

const texts = ["port", "find", "only", "source", "destination"] as const;

function oneOf<T extends string>(words: readonly T[], word: string | undefined): T | undefined {
  return words.find((each) => each === word);
}
