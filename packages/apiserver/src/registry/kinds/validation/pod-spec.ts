import { asList, asRecord, asString } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { choiceErrors } from "./choice.ts";
import { containerErrors } from "./container.ts";
import { countErrors } from "./numbers.ts";
import { volumeErrors } from "./volume.ts";

type Fields = Readonly<Record<string, unknown>>;

const choices: Readonly<Record<string, readonly string[]>> = {
  restartPolicy: ["Always", "OnFailure", "Never"],
  dnsPolicy: ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
};

/** What is wrong with a PodSpec, besides what the engine looks at (names, ports, labels). */
export function podSpecErrors(spec: Fields, path: string): readonly FieldError[] {
  const volumes = asList(spec.volumes).map(asRecord);
  const names = new Set(volumes.map(({ name }) => asString(name)));
  const containers = ["initContainers", "containers"].flatMap((list) =>
    asList(spec[list]).flatMap((each, index) =>
      containerErrors(asRecord(each), `${path}.${list}[${index}]`, {
        volumes: names,
        init: list === "initContainers",
      }),
    ),
  );
  return [
    ...volumeErrors(volumes, `${path}.volumes`),
    ...containers,
    ...choiceErrors(spec, path, choices),
    ...countErrors(spec, path, ["terminationGracePeriodSeconds"]),
    ...countErrors(spec, path, ["activeDeadlineSeconds"], 1),
  ];
}
