import { asList, asRecord } from "../../../json.ts";

type Fields = Readonly<Record<string, unknown>>;

const taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
/** How long a pod stays on a node that is lost. */
const tolerationSeconds = 300;

/** A pod bears with a lost node for a while unless it says how long itself. */
export function withTolerations(spec: Fields): Fields {
  const tolerations = asList(spec.tolerations).map(asRecord);
  const bears = (taint: string) =>
    tolerations.some(({ key, effect }) => (!key || key === taint) && (!effect || effect === "NoExecute"));
  const added = taints
    .filter((taint) => !bears(taint))
    .map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds }));
  return added.length === 0 ? spec : { ...spec, tolerations: [...tolerations, ...added] };
}
