import type { RawFieldRef, RawReference, RawResourceFieldRef } from "../raw-pod.ts";

/** core/v1 Volume, as far as this node has volumes. Every other member is the name of a kind that it has not. */
export interface RawVolume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly configMap?: RawReference & RawFileSource;
  readonly secret?: Omit<RawReference, "name"> & { readonly secretName?: string } & RawFileSource;
  readonly downwardAPI?: { readonly items?: readonly RawDownwardItem[]; readonly defaultMode?: number };
  readonly projected?: { readonly sources?: readonly RawProjection[]; readonly defaultMode?: number };
}

export interface RawFileSource {
  readonly items?: readonly RawItem[];
  readonly defaultMode?: number;
}

interface RawItem {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

interface RawDownwardItem {
  readonly path: string;
  readonly mode?: number;
  readonly fieldRef?: RawFieldRef;
  readonly resourceFieldRef?: RawResourceFieldRef;
}

/** core/v1 VolumeProjection. */
export interface RawProjection {
  readonly configMap?: RawReference & RawFileSource;
  readonly secret?: RawReference & RawFileSource;
  readonly downwardAPI?: { readonly items?: readonly RawDownwardItem[] };
  readonly serviceAccountToken?: RawTokenSource;
  readonly clusterTrustBundle?: object;
}

export interface RawTokenSource {
  readonly audience?: string;
  readonly expirationSeconds?: number;
  readonly path: string;
}

export interface RawVolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
  readonly subPathExpr?: string;
}
