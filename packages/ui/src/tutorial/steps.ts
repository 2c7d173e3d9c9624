import backendPolicy from "../../../../examples/tutorial/backend-policy.yaml?raw";
import defaultDeny from "../../../../examples/tutorial/default-deny.yaml?raw";
import frontendPolicy from "../../../../examples/tutorial/frontend-policy.yaml?raw";
import type { Picture } from "../engine/picture.ts";
import { mayReach } from "./may-reach.ts";

/** One lesson: something to read, something to write, and how the engine tells that it is done. */
export interface Step {
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** The policy that is to be written; absent where there is only something to see. */
  readonly policy?: { readonly file: string; readonly solution: string };
  readonly goals: readonly Goal[];
}

/** What has to be true of the picture, whatever was written to make it so. */
export interface Goal {
  readonly says: string;
  readonly source: string;
  readonly destination: string;
  readonly expect: "allow" | "deny";
}

export function isReached({ source, destination, expect }: Goal, picture: Picture): boolean {
  return mayReach(picture, source, destination) === (expect === "allow");
}

const allow = (source: string, destination: string): Goal => ({
  says: `${source} reaches ${destination}`,
  source,
  destination,
  expect: "allow",
});
const deny = (source: string, destination: string): Goal => ({
  says: `${source} does not reach ${destination}`,
  source,
  destination,
  expect: "deny",
});

export const steps: readonly Step[] = [
  {
    title: "Everything may talk to everything",
    text: [
      "Here are three pods: a frontend, a backend and a database. There is no NetworkPolicy, so each may talk to each, on every port, and the world outside may talk to all of them.",
      "In the matrix a row is who sends, a column is who receives. Choose a cell to read why it is as it is.",
    ],
    goals: [allow("frontend", "backend"), allow("frontend", "db"), allow("outside", "db")],
  },
  {
    title: "Close everything",
    text: [
      "A NetworkPolicy selects pods and names directions. A pod that any policy selects for a direction is isolated in it: only what some rule allows still passes.",
      "Write a policy that selects every pod (an empty podSelector) and names both directions, with no rules. It is called default-deny, and it is where most clusters should begin.",
    ],
    policy: { file: "default-deny.yaml", solution: bare(defaultDeny) },
    goals: [
      deny("frontend", "backend"),
      deny("frontend", "db"),
      deny("outside", "db"),
      deny("db", "outside"),
    ],
  },
  {
    title: "Let the frontend out: half of a connection",
    text: [
      "Policies only ever add: a second policy opens what the first one closed. Let the frontend send to the backend, with an egress rule.",
      "Look at the matrix when you have done so. Nothing has changed! A connection needs both sides: the frontend may send now, and the backend still lets nobody in. Choose the cell, and the explanation says exactly this.",
    ],
    policy: { file: "frontend-policy.yaml", solution: bare(frontendPolicy) },
    goals: [deny("frontend", "backend"), deny("frontend", "db")],
  },
  {
    title: "Let the backend be reached",
    text: [
      "Now the other half: an ingress rule that lets the frontend in to the backend.",
      "Answers need no rule of their own. And the backend still cannot begin to talk to the frontend, because nobody allowed that.",
    ],
    policy: { file: "backend-policy.yaml", solution: bare(backendPolicy) },
    goals: [
      allow("frontend", "backend"),
      deny("backend", "frontend"),
      deny("frontend", "db"),
      deny("outside", "backend"),
    ],
  },
  {
    title: "The database, by yourself",
    text: [
      "Let the backend, and nobody else, reach the database on TCP 5432. Two policies are needed, or one that does both sides: the pods are labelled run=backend and run=db.",
      "Mind the dashes: one item with a podSelector and a namespaceSelector means both must hold, two items mean that either is enough.",
    ],
    policy: { file: "db-policy.yaml", solution: dbPolicy() },
    goals: [
      allow("backend", "db"),
      deny("frontend", "db"),
      deny("db", "backend"),
      deny("outside", "db"),
      allow("frontend", "backend"),
    ],
  },
];

/** Without the comments that give the answer away before the question. */
function bare(text: string): string {
  return text.replace(/^#.*\n/gm, "");
}

function dbPolicy(): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: backend-to-db
spec:
  podSelector:
    matchLabels:
      run: backend
  policyTypes:
    - Egress
  egress:
    - to:
        - podSelector:
            matchLabels:
              run: db
      ports:
        - port: 5432
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-policy
spec:
  podSelector:
    matchLabels:
      run: db
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              run: backend
      ports:
        - port: 5432
`;
}
