import { isRecord } from "../json.ts";
import { StatusError } from "../status.ts";

/** Where a list in pieces goes on. */
export interface ContinueToken {
  /** The revision that all pieces show; undefined for a list that goes on with what there is now. */
  readonly revision?: number;
  readonly namespace: string;
  /** The last object that has been listed. */
  readonly name: string;
}

/** Opaque to clients. */
export function encodeContinue({ revision = -1, namespace, name }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 1, rv: revision, ns: namespace, name })).toString("base64url");
}

/** Throws BadRequest for what `encodeContinue` did not make. */
export function decodeContinue(text: string): ContinueToken {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (isRecord(value)) {
      const { v, rv, ns, name } = value;
      if (v === 1 && Number.isSafeInteger(rv) && typeof ns === "string" && typeof name === "string") {
        const revision = rv as number;
        return { ...(revision < 0 ? {} : { revision }), namespace: ns, name };
      }
    }
  } catch {
    // Falls through to the refusal.
  }
  throw new StatusError("BadRequest", "continue key is not valid: it was not given out by this server");
}

const tooOld =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without " +
  "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. " +
  "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or " +
  "deleted between the time the first chunk was returned and now may show up in the list.";

/** The refusal of a token whose revision was compacted, with a token that goes on regardless. */
export function continueExpired({ namespace, name }: ContinueToken): StatusError {
  return new StatusError("Expired", tooOld, undefined, { continue: encodeContinue({ namespace, name }) });
}
