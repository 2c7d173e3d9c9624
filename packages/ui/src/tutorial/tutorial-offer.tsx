import { useState } from "react";
import { useSession, useView, useWorkspace } from "../state/context.ts";
import "./tutorial-offer.css";

const key = "portcullis tutorial dismissed";

/** Offers the tutorial to who comes for the first time and has brought nothing; gone for good when it is dismissed. */
export function TutorialOffer() {
  const { view } = useWorkspace();
  const { view: shown } = useView();
  const { live, opened } = useSession();
  const [dismissed, setDismissed] = useState(wasDismissed);
  if (dismissed || opened || live !== undefined || shown === "tutorial" || isServed()) return null;

  function dismiss(): void {
    setDismissed(true);
    try {
      localStorage.setItem(key, "1");
    } catch {
      // Forbidden: it is offered again at the next visit.
    }
  }

  return (
    <aside className="tutorial-offer" aria-label="Tutorial">
      <span>
        New here? Five short steps build default-deny and let a frontend reach its backend. This page shows an
        example; drop your own manifests on it at any time.
      </span>{" "}
      <button
        type="button"
        onClick={() => {
          dismiss();
          view.go({ view: "tutorial" });
        }}
      >
        Begin the tutorial
      </button>{" "}
      <button type="button" onClick={dismiss}>
        No, thanks
      </button>
    </aside>
  );
}

/** Whoever started a server has manifests of their own before them. */
function isServed(): boolean {
  return document.querySelector('meta[name="portcullis-server"]') !== null;
}

function wasDismissed(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true;
  }
}
