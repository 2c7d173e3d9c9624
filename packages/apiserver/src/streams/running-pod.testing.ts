import { resources } from "@portcullis/kube";
import { pod, type RunningApi, startApi } from "../rest/api.testing.ts";
import { HostStreams } from "./host-streams.testing.ts";

export interface StreamingApi extends RunningApi {
  readonly streams: HostStreams;
  /** Path of a subresource of the running pod `web`. */
  path(subresource: string, query?: Readonly<Record<string, string | readonly string[]>>): string;
  /** Gives the pod this status. */
  setStatus(name: string, status: object): Promise<void>;
}

/** A server with one pod `web` that runs, as far as its status says. */
export async function startStreaming(): Promise<StreamingApi> {
  const streams = new HostStreams();
  const api = await startApi({ streams });
  const setStatus = async (name: string, status: object) => {
    const found = await api.client.get(resources.pods, name, "default");
    await api.client.update(resources.pods, { ...found, status }, "status");
  };
  const web = pod("web");
  await api.client.create(resources.pods, { ...web, spec: { ...(web.spec as object), nodeName: "here" } });
  await setStatus("web", runningStatus("web"));
  return {
    ...api,
    streams,
    setStatus,
    path: (subresource, query = {}) => {
      const pairs = Object.entries(query).flatMap(([name, value]) =>
        [value].flat().map((each) => `${name}=${encodeURIComponent(each)}`),
      );
      return `/api/v1/namespaces/default/pods/web/${subresource}?${pairs.join("&")}`;
    },
  };
}

export function runningStatus(container: string, more: object = {}): object {
  const state = { running: { startedAt: "2026-01-02T03:04:05Z" } };
  const fields = { image: "nginx", imageID: "", ready: true, restartCount: 0, started: true };
  return { phase: "Running", containerStatuses: [{ name: container, state, ...fields, ...more }] };
}
