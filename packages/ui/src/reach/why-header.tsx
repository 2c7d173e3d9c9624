import { useReturnedFocus } from "../shell/use-returned-focus.ts";

export interface WhyHeaderProps {
  /** How deep the explanation stands in its page. */
  readonly level: "h2" | "h3";
  readonly title: string;
  readonly onClose: () => void;
}

/** What every explanation begins with. The focus goes back to where it was when it closes. */
export function WhyHeader({ level: Heading, title, onClose }: WhyHeaderProps) {
  useReturnedFocus();
  return (
    <header>
      <Heading>{title}</Heading>
      <button type="button" onClick={onClose} aria-label="Close the explanation">
        ✕
      </button>
    </header>
  );
}
