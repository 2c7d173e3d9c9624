import type { BackendAccess, BackendPod } from "../../exposure/ingress-access.ts";
import { printable } from "../text/printable.ts";
import { plainStyle, type Style } from "../text/style.ts";
import { sentence } from "../verdict/sentence.ts";
import { exposedPeerText } from "./exposed-peer-text.ts";

/**
 * What the ingress controller gets to. `controller` is what the user called it; without one it is somebody unknown, and
 * those whom the policies let in are told.
 */
export function ingressAccessText(
  accesses: readonly BackendAccess[],
  controller: string | undefined,
  style: Style = plainStyle,
): string {
  if (accesses.length === 0) return "";
  const who = controller ?? "an unknown controller (tell which with --ingress-controller NAMESPACE/[LABELS])";
  const lines = [`Ingress backends, for ${who}:`].map(style.bold);
  for (const access of accesses) {
    const { namespace, name, route, service, port } = access.backend;
    const state = mark(access.state, style);
    lines.push(
      `  ${state}   ${printable(`${namespace}/${name} ${route} → Service ${namespace}/${service}:${port}`)}`,
    );
    lines.push(...reasons(access).map((line) => `            ${printable(line)}`));
  }
  return lines.map((line) => `${line}\n`).join("");
}

function mark(state: BackendAccess["state"], style: Style): string {
  const text = state.padEnd(7);
  if (state === "open") return style.allow(text);
  return state === "depends" ? text : style.deny(text);
}

/** Why, one line for each reason. */
function reasons({ backend, state, pods }: BackendAccess): readonly string[] {
  const service = `${backend.namespace}/${backend.service}`;
  switch (state) {
    case "no-service":
      return [`there is no Service ${service}`];
    case "no-port":
      return [`Service ${service} has no TCP port ${backend.port}`];
    case "no-pods":
      return [`no pod is behind Service ${service}`];
    default:
      return [...new Set(pods.flatMap(podReasons))];
  }
}

function podReasons({ pod, port, verdicts, openings }: BackendPod): readonly string[] {
  if (verdicts.length > 0) return verdicts.map(sentence);
  const name = `${pod.namespace}/${pod.name} at TCP ${port}`;
  if (openings.length === 0) return [`no rule lets anyone into ${name}`];
  return [`into ${name}: ${openings.map(({ who }) => exposedPeerText(who)).join("; ")}`];
}
