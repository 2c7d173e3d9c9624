import type { Picture } from "../engine/picture.ts";
import { type Goal, isReached } from "./steps.ts";

export interface GoalsProps {
  readonly goals: readonly Goal[];
  readonly picture: Picture;
  /** Whether the policies are newer than the picture. */
  readonly behind: boolean;
}

export function Goals({ goals, picture, behind }: GoalsProps) {
  return (
    <ul className="goals" aria-label="Goals" aria-live="polite" aria-busy={behind}>
      {goals.map((goal) => (
        <li key={goal.says} className={isReached(goal, picture) ? "reached" : "missed"}>
          <span aria-hidden="true">{isReached(goal, picture) ? "✓" : "✕"}</span>{" "}
          <span className="only-read">{isReached(goal, picture) ? "reached: " : "not yet: "}</span>
          {goal.says}
        </li>
      ))}
    </ul>
  );
}
