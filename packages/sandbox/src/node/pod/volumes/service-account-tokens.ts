import type { KubeClient, KubeObject } from "@portcullis/kube";
import { resources } from "@portcullis/kube";
import type { RawPod } from "../raw-pod.ts";
import type { RawTokenSource } from "./raw-volume.ts";

const defaultSeconds = 3_600;

interface Held {
  readonly text: string;
  /** When most of its life is over, on the clock of `now`. */
  readonly renewAt: number;
}

/** The tokens of one pod, asked of the API (TokenRequest, bound to the pod) and renewed when four fifths of their time are over. */
export class ServiceAccountTokens {
  readonly #client: KubeClient;
  readonly #pod: RawPod;
  readonly #held = new Map<string, Held>();

  constructor(client: KubeClient, pod: RawPod) {
    this.#client = client;
    this.#pod = pod;
  }

  /** What `renew` got. @throws Error when there is none. */
  get(source: RawTokenSource): string {
    const held = this.#held.get(keyOf(source));
    if (held === undefined) throw new Error(`no token for ${source.path}`);
    return held.text;
  }

  /** Milliseconds until the first of them wants renewal; undefined when there is none. */
  get renewInMs(): number | undefined {
    const times = [...this.#held.values()].map(({ renewAt }) => renewAt);
    return times.length === 0 ? undefined : Math.max(Math.min(...times) - Date.now(), 0);
  }

  /** Sees to it that a token is there with some time left. @throws ApiError */
  async renew(source: RawTokenSource): Promise<void> {
    const key = keyOf(source);
    if ((this.#held.get(key)?.renewAt ?? 0) > Date.now()) return;
    const { name, namespace = "default", uid } = this.#pod.metadata;
    const { audience, expirationSeconds = defaultSeconds } = source;
    const account = this.#pod.spec.serviceAccountName || "default";
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: { name: account, namespace },
      spec: {
        audiences: audience === undefined || audience === "" ? [] : [audience],
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, ...(uid === undefined ? {} : { uid }) },
      },
    };
    const at = { name: account, subresource: "token" } as const;
    const answer = await this.#client.create(resources.serviceaccounts, request, at);
    const { token = "" } =
      (answer as KubeObject & { readonly status?: { readonly token?: string } }).status ?? {};
    this.#held.set(key, { text: token, renewAt: Date.now() + expirationSeconds * 800 });
  }
}

const keyOf = ({ audience = "", expirationSeconds = defaultSeconds }: RawTokenSource): string =>
  `${expirationSeconds} ${audience}`;
