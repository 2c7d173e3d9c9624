import { Lockable } from "./fields/lockable.tsx";
import { TextField } from "./fields/text-field.tsx";
import { TextList } from "./fields/text-list.tsx";
import { checkCidr } from "./model/checks.ts";
import type { BlockForm } from "./model/policy-form.ts";
import type { Path } from "./yaml/field-edit.ts";

/** A prefix of addresses, and what of it is left out. */
export function BlockFields({ path, block }: { readonly path: Path; readonly block: BlockForm }) {
  return (
    <Lockable path={path} className="rows">
      <div className="row">
        <span>in</span>
        <TextField
          path={[...path, "cidr"]}
          label="prefix"
          value={block.cidr}
          check={checkCidr}
          edits={(typed) => [{ do: "set", path: [...path, "cidr"], value: typed }]}
        />
      </div>
      <div className="row">
        <span>but not in</span>
        <TextList
          path={[...path, "except"]}
          texts={block.except}
          what="exception"
          check={checkCidr}
          placeholder="10.1.0.0/16"
          mayBeEmpty
        />
      </div>
    </Lockable>
  );
}
