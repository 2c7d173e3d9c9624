import type { ManifestFile } from "@portcullis/engine";
import type { Session } from "../state/session.ts";

const name = "assertions.yaml";

/** Adds a document of assertions to the draft, and gives the name of the file that it is in. */
export function addAssertions(session: Session, document: string): string {
  const { files } = session.snapshot();
  const known = files.find(({ file, text }) => file === name || isOfAssertions(text));
  const text = known === undefined ? document : `${withNewline(known.text)}---\n${document}`;
  const file = known?.file ?? name;
  session.edit(file, known?.text.trim() === "" ? document : text);
  return file;
}

/** What a first file of assertions begins with: something that is so now, to be changed. */
export const firstAssertions = `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - name: nothing comes in from outside
    from: outside
    to: "*/*"
    ports: all
    expect: deny
`;

function isOfAssertions(text: ManifestFile["text"]): boolean {
  return /^kind:\s*Assertions\b/m.test(text) && !/^kind:\s*(?!Assertions\b)/m.test(text);
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
