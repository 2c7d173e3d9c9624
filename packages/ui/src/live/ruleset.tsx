import { useEffect, useState } from "react";
import type { PodRuleset } from "../server-api.ts";
import { get } from "../state/ask-server.ts";
import { useSession } from "../state/context.ts";

/** The kernel's rules for a pod, with the policies' names as comments. */
export function Ruleset({ worlds }: { readonly worlds: number }) {
  const { base } = useSession();
  const pods = [...new Set(base?.peers.flatMap(({ podNames }) => podNames) ?? [])].sort();
  const [asked, setPod] = useState("");
  const pod = asked === "" ? (pods[0] ?? "") : asked;
  const [ruleset, setRuleset] = useState<{ readonly of: string; readonly found: PodRuleset | string }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: when objects change, so may the rules
  useEffect(() => {
    if (pod === "") return;
    let current = true;
    get<PodRuleset>(`ruleset?pod=${encodeURIComponent(pod)}`).then(
      (found) => current && setRuleset({ of: pod, found }),
      (error: Error) => current && setRuleset({ of: pod, found: error.message }),
    );
    return () => {
      current = false;
    };
  }, [pod, worlds]);
  // Rules of another pod are not shown under the name of this one.
  const found = ruleset?.of === pod ? ruleset.found : undefined;
  return (
    <section aria-label="Rules of a pod">
      <h2>Rules in the kernel</h2>
      <label>
        Pod{" "}
        <select value={pod} onChange={({ target }) => setPod(target.value)}>
          {pods.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {typeof found === "string" && <p className="problem">{found}</p>}
      {typeof found === "object" &&
        found.chains.map(({ title, text }) => (
          <details key={title} open={text.includes("comment")}>
            <summary>{title}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre tabIndex={0}>
              <code>{text}</code>
            </pre>
          </details>
        ))}
    </section>
  );
}
