import { validatePodTemplate } from "@portcullis/engine";
import { asRecord } from "../../json.ts";
import { nameColumn, text } from "./columns/columns.ts";
import { labelsText } from "./columns/selector-text.ts";
import { containerColumns } from "./columns/template-columns.ts";
import { withTemplateDefaults } from "./defaults/pod-spec.ts";
import { kindEntry } from "./entry.ts";
import { metadataErrors } from "./validation/metadata.ts";

/** core/v1 PodTemplate. */
export const podTemplates = kindEntry({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
  columns: [
    nameColumn,
    ...containerColumns(({ template }) => asRecord(template), { wide: false }),
    text("Pod Labels", "Labels of pods of this template.", ({ template }) =>
      labelsText(asRecord(asRecord(template).metadata).labels),
    ),
  ],
  defaults: (object) => ({ ...object, ...withTemplateDefaults({ template: object.template }) }),
  validate: (value) => [
    ...metadataErrors(value),
    ...validatePodTemplate(asRecord(value).template, ["template"]),
  ],
});
