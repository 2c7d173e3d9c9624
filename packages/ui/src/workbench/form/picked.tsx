import { useEffect, useState } from "react";
import { selectedText } from "../selector-hover.ts";
import { useForm } from "./form-context.ts";
import type { Path } from "./yaml/field-edit.ts";

/** Whom the selector at a path picks now, with the one beside it; nothing while the policy is not one that counts. */
export function Picked({ path }: { readonly path: Path }) {
  const { askPicked } = useForm();
  const [text, setText] = useState("");
  const key = path.join(".");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the path
  useEffect(() => {
    let current = true;
    void askPicked(path).then((picked) => {
      if (current) setText(picked === undefined ? "" : inOneLine(selectedText(picked)));
    });
    return () => {
      current = false;
    };
  }, [askPicked, key]);
  return text === "" ? null : <p className="quiet picked">{text}</p>;
}

/** `picks: 2 pods now – shop/a, shop/b`. */
function inOneLine(lines: readonly string[]): string {
  const title = lines.findIndex((line) => / now$/.test(line));
  const names = lines.slice(title + 1).join(", ");
  const told = lines.slice(0, title + 1).join("; ");
  return names === "" ? told : `${told} – ${names}`;
}
