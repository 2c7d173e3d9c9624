import {
  isConfirmed,
  type Verification,
  verificationHtml,
  verificationJunit,
  verificationText,
} from "@portcullis/engine";
import type { Io } from "../io/io.ts";
import { reportStyle } from "../text/report-style.ts";

/** Prints the result. In text every pod is drawn only when asked for. */
export function printVerification(
  verification: Verification,
  format: string,
  everyPod: boolean,
  io: Io,
  width = 100,
): void {
  switch (format) {
    case "json":
      io.out(`${JSON.stringify({ confirmed: isConfirmed(verification), ...verification }, null, 2)}\n`);
      break;
    case "junit":
      io.out(verificationJunit(verification));
      break;
    case "html":
      io.out(verificationHtml(verification, everyPod));
      break;
    default:
      io.out(`${verificationText(verification, { style: reportStyle(io.outColors), width, everyPod })}\n`);
  }
}
