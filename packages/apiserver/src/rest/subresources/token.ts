import { StatusError } from "../../status.ts";
import { answer } from "../answer.ts";
import type { Exchange } from "../exchange.ts";
import { readObject } from "../read-object.ts";
import type { ObjectPath } from "../request-path.ts";
import { writeOptions } from "../write-options.ts";

const tokenKind = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" };

/** POST serviceaccounts/NAME/token (`kubectl create token`). */
export async function token(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const { registry, serviceAccountToken } = exchange.options;
  const { fieldValidation } = writeOptions(exchange, "CreateOptions");
  const request = await readObject(exchange, tokenKind, fieldValidation);
  const account = registry.get(def, name, namespace);
  if (serviceAccountToken === undefined)
    throw new StatusError("NotImplemented", "tokens of service accounts are not given out by this server");
  const answered = serviceAccountToken(account, request);
  return answer(exchange, 201, "application/json", JSON.stringify(answered));
}
