import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { ApiServer } from "../api-server.ts";
import { parseResourcePath } from "../rest/request-path.ts";
import { requestAttributes } from "./request-attributes.ts";

const api = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
afterAll(() => api.close());

const part = fc.constantFrom(
  ...[
    "api",
    "apis",
    "v1",
    "apps",
    "namespaces",
    "pods",
    "deployments",
    "nodes",
    "secrets",
    "status",
    "finalize",
  ],
  ...[
    "exec",
    "x",
    "",
    ".",
    "..",
    "%2F",
    "a%2fb",
    "%70ods",
    "namespaces%2Fx",
    "%",
    "watch",
    "proxy",
    "kube-system",
  ],
);
const prefix = fc.constantFrom(
  "/api/v1",
  "/apis/apps/v1",
  "/api/v1/namespaces/x",
  "/apis/apps/v1/namespaces/x",
  "",
);

it("what the authorizer is asked about is what the router serves, for any path", () => {
  let served = 0;
  fc.assert(
    fc.property(prefix, fc.array(part, { maxLength: 5 }), (begin, parts) => {
      const path = `${begin}/${parts.join("/")}`;
      let target: ReturnType<typeof parseResourcePath>;
      try {
        target = parseResourcePath(path, api.registry);
      } catch (error) {
        if (!(error instanceof URIError)) throw error;
      }
      if (target === undefined) return;
      const { def, name, namespace, subresource } = target;
      // The router answers with 404.
      if (subresource !== undefined && !(def.subresources as readonly string[]).includes(subresource)) return;
      served++;
      const about = def.plural === "namespaces" ? name : namespace;
      expect(requestAttributes("PUT", path)).toEqual({
        verb: "update",
        group: def.group,
        version: def.version,
        resource: def.plural,
        ...(about === undefined ? {} : { namespace: about }),
        ...(name === undefined ? {} : { name }),
        ...(subresource === undefined ? {} : { subresource }),
      });
    }),
    { seed: 11, numRuns: 5000 },
  );
  expect(served).toBeGreaterThan(200);
});
