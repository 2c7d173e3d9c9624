import fc from "fast-check";
import { activate, type Mutant } from "./mutant.ts";

const mutant = JSON.parse(process.env.PORTCULLIS_MUTANT ?? "null") as Mutant | null;
activate(mutant?.id ?? 0);
// A failure is not shrunk: nobody reads it.
fc.configureGlobal({ seed: 20_261_123, endOnFailure: true });
