import { useState } from "react";

export function CopyButton({ label, text }: { readonly label: string; readonly text: string }) {
  const [done, setDone] = useState("");
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setDone("copied");
    } catch {
      setDone("the browser does not allow it");
    }
  }
  return (
    <>
      <button type="button" title={text} onClick={() => void copy()}>
        {label}
      </button>{" "}
      <span className="quiet" role="status">
        {done}
      </span>
    </>
  );
}
