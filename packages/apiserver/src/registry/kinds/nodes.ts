import { validateObject } from "@portcullis/engine";
import { asRecord } from "../../json.ts";
import type { ResourceDef } from "../resource-def.ts";

/** core/v1 Node. A kubelet registers its node with a status, so creation keeps it. */
export const nodes: ResourceDef = {
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  categories: [],
  namespaced: false,
  subresources: ["status"],
  behaviour: "full",
  columns: [],
  countsGeneration: false,
  selectableFields: {
    "spec.unschedulable": (object) => String(asRecord(object.spec).unschedulable === true),
  },
  defaults: (object) => object,
  validate: validateObject,
};
