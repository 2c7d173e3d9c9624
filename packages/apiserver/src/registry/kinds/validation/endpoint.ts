import { checkPortNumber, parseAddress } from "@portcullis/engine";
import { asRecord, asString } from "../../../json.ts";
import type { FieldError } from "../../resource-def.ts";
import { invalid, notSupported, required } from "./field-errors.ts";

/** An endpoint's address must be one that a pod or a host can have. */
export function addressErrors(value: unknown, path: string): readonly FieldError[] {
  const address = parseAddress(asString(value));
  if (address === undefined) {
    return [invalid(path, value ?? "", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
  }
  const text = asString(value);
  if (text === "0.0.0.0" || text === "::")
    return [invalid(path, text, "may not be unspecified (0.0.0.0 or ::)")];
  if (text.startsWith("127.") || text === "::1") {
    return [invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")];
  }
  return [];
}

/** Ports of endpoints: names are required when there are several. */
export function portErrors(ports: readonly unknown[], path: string): readonly FieldError[] {
  return ports.flatMap((each, index) => {
    const { name, port, protocol = "TCP" } = asRecord(each);
    const errors: FieldError[] = [];
    if (ports.length > 1 && asString(name) === "") errors.push(required(`${path}[${index}].name`));
    if (typeof port === "number") {
      errors.push(
        ...checkPortNumber(port).map((problem) => invalid(`${path}[${index}].port`, port, problem)),
      );
    }
    const protocols = ["SCTP", "TCP", "UDP"];
    if (!protocols.includes(String(protocol))) {
      errors.push(notSupported(`${path}[${index}].protocol`, protocol, protocols));
    }
    return errors;
  });
}
