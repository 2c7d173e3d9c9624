import { resources } from "@portcullis/kube";
import { expect, test } from "vitest";
import { timestamp } from "../../events/event-object.ts";
import type { ControllerContext } from "../framework/controller.ts";
import { startWorld } from "../world.testing.ts";
import { eventExpiry } from "./event-expiry.ts";

const event = (name: string, lastTimestamp: string) => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name, namespace: "default" },
  involvedObject: { kind: "Pod", namespace: "default", name: "web" },
  type: "Normal",
  reason: "Tested",
  lastTimestamp,
  firstTimestamp: lastTimestamp,
});

test("Events go when nothing was added to them for as long as they are kept; others stay", async () => {
  const world = await startWorld({ controllers: false });
  const ago = (seconds: number) => timestamp(new Date(Date.now() - seconds * 1000));
  await world.create(resources.events, event("old", ago(3_700)));
  await world.create(resources.events, event("soon", ago(3_599)));
  await world.create(resources.events, event("young", ago(10)));
  const expiry = eventExpiry({ client: world.client, log: () => {} } as unknown as ControllerContext);
  expiry.start();
  await world.eventually(async () =>
    expect((await world.list(resources.events)).map(({ metadata }) => metadata.name)).toEqual(["young"]),
  );
  expiry.stop();
  await world.stop();
});
