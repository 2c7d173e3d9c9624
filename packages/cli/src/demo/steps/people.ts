import type { PodRef } from "@portcullis/sandbox";
import type { Check } from "../step.ts";

const pod = (namespace: string, name: string): PodRef => ({ namespace, name });

/** The two web servers, asked through their Services. */
export const webServers: Check = {
  by: "curl",
  pods: [pod("default", "frontend"), pod("default", "backend")],
  ports: [80],
};

/** The database and those around it, asked at their own addresses. */
export const databaseAndClients: Check = {
  by: "probe",
  pods: [
    pod("default", "db"),
    pod("default", "client"),
    pod("default", "guest"),
    pod("first", "client"),
    pod("first", "guest"),
    pod("second", "client"),
    pod("second", "guest"),
  ],
  ports: [4614, 1010],
};
