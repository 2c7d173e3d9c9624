import { StatusError } from "../status.ts";

export function notServed(): StatusError {
  return new StatusError("NotFound", "the server could not find the requested resource");
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
  );
}
