import type { ManifestFile } from "@portcullis/engine";
import backend from "../../../../examples/tutorial/backend.yaml?raw";
import frontend from "../../../../examples/tutorial/frontend.yaml?raw";

const db = `apiVersion: v1
kind: Pod
metadata:
  name: db
  labels:
    run: db
spec:
  containers:
    - name: db
      image: postgres
      ports:
        - containerPort: 5432
`;

/** The pods that the lessons are about. */
export const tutorialCluster: readonly ManifestFile[] = [
  { file: "pods.yaml", text: [frontend, backend, db].join("---\n") },
];
