import { asList, asRecord, asString, isRecord } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { environmentErrors } from "./environment.ts";
import { forbidden, invalid, notFound, required } from "./field-errors.ts";
import { probeErrors } from "./probe.ts";
import { resourceErrors } from "./resources.ts";

type Fields = Readonly<Record<string, unknown>>;

const choices: Readonly<Record<string, readonly string[]>> = {
  imagePullPolicy: ["Always", "IfNotPresent", "Never"],
  terminationMessagePolicy: ["FallbackToLogsOnError", "File"],
};

interface Surroundings {
  /** Names of the pod's volumes. */
  readonly volumes: ReadonlySet<string>;
  readonly init: boolean;
}

/** What is wrong with a container, besides its name and its ports. */
export function containerErrors(container: Fields, path: string, pod: Surroundings): readonly FieldError[] {
  const image = asString(container.image);
  return [
    ...imageErrors(image, `${path}.image`),
    ...choiceErrors(container, path, choices),
    ...environmentErrors(asList(container.env), `${path}.env`),
    ...mountErrors(asList(container.volumeMounts), `${path}.volumeMounts`, pod.volumes),
    ...resourceErrors(asRecord(container.resources), `${path}.resources`),
    ...handlersOf(container, path, pod),
  ];
}

function imageErrors(image: string, path: string): readonly FieldError[] {
  if (image === "") return [required(path)];
  return image === image.trim() ? [] : [invalid(path, image, "must not have leading or trailing whitespace")];
}

function mountErrors(
  mounts: readonly unknown[],
  path: string,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  const places = new Set<string>();
  return mounts.flatMap((mount, index) => {
    const { name, mountPath, subPath } = asRecord(mount);
    const at = `${path}[${index}]`;
    const errors: FieldError[] = [];
    if (asString(name) === "") errors.push(required(`${at}.name`));
    else if (!volumes.has(asString(name))) errors.push(notFound(`${at}.name`, name));
    if (asString(mountPath) === "") errors.push(required(`${at}.mountPath`));
    else if (places.has(asString(mountPath))) {
      errors.push(invalid(`${at}.mountPath`, mountPath, "must be unique"));
    }
    places.add(asString(mountPath));
    if (asString(subPath).split("/").includes("..")) {
      errors.push(invalid(`${at}.subPath`, subPath, "must not contain '..'"));
    }
    return errors;
  });
}

/** Probes and lifecycle hooks; an init container that is no sidecar has none. */
function handlersOf(container: Fields, path: string, { init }: Surroundings): readonly FieldError[] {
  const fields = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"];
  const present = fields.filter((field) => isRecord(container[field]));
  if (init && container.restartPolicy !== "Always") {
    const why = "may not be set for init containers without restartPolicy=Always";
    return present.map((field) => forbidden(`${path}.${field}`, why));
  }
  return present
    .filter((field) => field !== "lifecycle")
    .flatMap((field) => probeErrors(asRecord(container[field]), `${path}.${field}`, field));
}
