import type { ApiObject } from "../../api-object.ts";
import { decodeProtobuf } from "../../protobuf/decode-protobuf.ts";
import type { DeleteOptions } from "../../registry/deletion.ts";
import type { WriteOptions } from "../../registry/write-options.ts";
import { StatusError } from "../../status.ts";
import type { Exchange } from "../exchange.ts";
import { asObject, parseJson, parseYaml } from "../parse-text.ts";
import { answerList, answerObject, presenterOf } from "../present.ts";
import { protobufType } from "../read-object.ts";
import { readBody, unsupportedMediaType } from "../request-body.ts";
import type { ObjectPath, ResourcePath } from "../request-path.ts";
import { deleteOptions } from "../write-options.ts";
import { scopeOf } from "./list.ts";

/** DELETE of one object; the answer is the object as it was, or as it is while something keeps it. */
export async function remove(exchange: Exchange, { def, name, namespace }: ObjectPath): Promise<void> {
  const options = await readOptions(exchange);
  const presenter = presenterOf(exchange, def);
  const deleted = exchange.options.registry.delete(def, name, namespace, options);
  return answerObject(exchange, presenter, 200, deleted);
}

/** DELETE of what the selectors select; each object as if it were deleted alone. */
export async function removeCollection(exchange: Exchange, target: ResourcePath): Promise<void> {
  const { def } = target;
  const { registry } = exchange.options;
  const options = await readOptions(exchange);
  presenterOf(exchange, def);
  const { items } = registry.list(def, scopeOf(target, exchange.query));
  const deleted: ApiObject[] = [];
  for (const { metadata } of items) {
    try {
      deleted.push(registry.delete(def, metadata.name, metadata.namespace, options));
    } catch (error) {
      if (!(error instanceof StatusError) || error.status.reason !== "NotFound") throw error;
    }
  }
  return answerList(exchange, def, deleted, { resourceVersion: String(registry.revision) });
}

async function readOptions(exchange: Exchange): Promise<DeleteOptions & WriteOptions> {
  const { bytes, type } = await readBody(exchange.request);
  if (bytes.length === 0) return deleteOptions(exchange, undefined);
  return deleteOptions(exchange, asObject(parse(bytes, type)));
}

function parse(bytes: Buffer, type: string): unknown {
  if (type === "application/yaml") return parseYaml(bytes).value;
  if (type === protobufType) return decodeProtobuf(bytes);
  if (type === "" || type === "application/json") return parseJson(bytes).value;
  throw unsupportedMediaType(["application/json", "application/yaml", protobufType]);
}
