// The public face of the API server. Everything else is internal.
export type { ApiMeta, ApiObject } from "./api-object.ts";
export { ApiServer, type ApiServerOptions, type TlsOptions } from "./api-server.ts";
export type { AccessOptions } from "./auth/access-control.ts";
export type { UserInfo } from "./auth/user.ts";
export type { ListenAddress } from "./listen.ts";
export type { DeleteOptions } from "./registry/deletion.ts";
export type { Preconditions } from "./registry/preconditions.ts";
export type { Registry, Scope } from "./registry/registry.ts";
export type { FieldError, ResourceDef } from "./registry/resource-def.ts";
export type { UpdateOptions, WriteOptions } from "./registry/write-options.ts";
export { type Status, StatusError } from "./status.ts";
export type { StoreEvent } from "./store/event-log.ts";
export type { JournalOptions } from "./store/journal.ts";
export type { Store, StoreKey, StoreList } from "./store/store.ts";
export type { Watch, WatchChange, WatchScope } from "./store/watch.ts";
export type {
  ContainerTarget,
  LogOptions,
  PodStreams,
  PodTarget,
  ProcessSession,
  TerminalOptions,
} from "./streams/pod-streams.ts";
