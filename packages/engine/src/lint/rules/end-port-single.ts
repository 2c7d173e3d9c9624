import { removeLine } from "../fix/remove-line.ts";
import type { LintRule } from "../lint-rule.ts";
import { walkPorts } from "../walk.ts";

export const endPortSingle: LintRule = {
  code: "end-port-single",
  severity: "warning",
  title: "endPort equals port",
  help: "A range of one port is the port alone. Perhaps a wider range was meant; clusters that do not know endPort treat it worse than the port alone.",
  *check(context) {
    for (const { policy, port, portPath } of walkPorts(context)) {
      if (port.endPort === undefined || port.endPort !== port.port) continue;
      const place = context.at(policy, [...portPath, "endPort"]);
      const text = place.range && context.source.editable(place.range.file);
      const edit = place.range && text !== undefined ? removeLine(text, place.range, "endPort") : undefined;
      yield {
        ...place,
        message: `The range is the one port ${port.port}.`,
        fix: edit && { title: "remove endPort", safe: true, edits: [edit] },
      };
    }
  },
};
