import { createHash } from "node:crypto";
import type { ApiObject } from "../../../api-object.ts";
import { asList, asRecord, asString } from "../../../json.ts";
import { StatusError } from "../../../status.ts";
import type { Lookup } from "./admit-pod.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where programs look for the token, the CA and the namespace. */
const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
/** A little more than an hour, which is how the volume can be told from one that a user made. */
const expirationSeconds = 3607;

/**
 * The pod runs as a service account, `default` unless it names one, and finds a token in its file system. The account
 * `default` may still be in the making; another must exist.
 */
export function withServiceAccount(spec: Fields, { metadata }: ApiObject, lookup: Lookup): Fields {
  const name = asString(spec.serviceAccountName) || "default";
  const { namespace = "" } = metadata;
  const account = lookup("serviceaccounts", name, namespace);
  if (account === undefined && name !== "default") {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw new StatusError("Forbidden", `pods "${metadata.name}" is forbidden: ${why}`, {
      name: metadata.name,
      kind: "pods",
    });
  }
  const secrets = asList(spec.imagePullSecrets).length > 0 ? undefined : account?.imagePullSecrets;
  const named = {
    ...spec,
    serviceAccountName: name,
    serviceAccount: name,
    ...(asList(secrets).length > 0 ? { imagePullSecrets: secrets } : {}),
  };
  const mounts = spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true;
  return mounts === false ? named : withToken(named, metadata.uid ?? metadata.name);
}

/** Containers that have something at that path already are left alone. */
function withToken(spec: Fields, seed: string): Fields {
  const volumeName = `kube-api-access-${suffix(seed)}`;
  const mount = { name: volumeName, readOnly: true, mountPath };
  let used = false;
  const withMount = (each: unknown) => {
    const mounts = asList(asRecord(each).volumeMounts);
    if (mounts.some((one) => asRecord(one).mountPath === mountPath)) return each;
    used = true;
    return { ...asRecord(each), volumeMounts: [...mounts, mount] };
  };
  const containers = asList(spec.containers).map(withMount);
  const init = Array.isArray(spec.initContainers)
    ? { initContainers: spec.initContainers.map(withMount) }
    : {};
  if (!used) return spec;
  return { ...spec, ...init, containers, volumes: [...asList(spec.volumes), tokenVolume(volumeName)] };
}

function tokenVolume(name: string): Fields {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 0o644,
    },
  };
}

// As that of generated names: no vowels, no look-alikes.
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Five characters that follow from the pod's uid. */
function suffix(seed: string): string {
  const digest = createHash("sha256").update(seed).digest();
  return [...digest.subarray(0, 5)].map((byte) => alphabet[byte % alphabet.length]).join("");
}
