import type { TemplatePort } from "./pod-template.ts";

/** A container that runs the sandbox's echo server. */
export interface StandInContainer {
  readonly name: string;
  readonly image: "portcullis/echo";
  readonly ports: readonly TemplatePort[];
}

/**
 * Containers that listen on a pod's ports, by all their names. Whatever the manifest's containers were, a port has one
 * listener, and a container gives a name once, as the API demands. A name that is two ports of a pod, in two containers,
 * stays two ports.
 */
export function standInContainers(ports: readonly TemplatePort[]): readonly StandInContainer[] {
  const containers: TemplatePort[][] = [[]];
  for (const port of ports) {
    const listening = containers.find((own) => own.some((other) => samePort(port, other)));
    if (listening === undefined) {
      const room = containers.find((own) => !own.some((other) => sameName(port, other)));
      if (room === undefined) containers.push([port]);
      else room.push(port);
    } else if (port.name !== undefined && !listening.some((other) => sameName(port, other))) {
      listening.push(port);
    }
  }
  return containers.map((own, index) => ({
    name: index === 0 ? "stand-in" : `stand-in-${index + 1}`,
    image: "portcullis/echo",
    ports: own,
  }));
}

function samePort(a: TemplatePort, b: TemplatePort): boolean {
  return a.protocol === b.protocol && a.containerPort === b.containerPort;
}

function sameName(a: TemplatePort, b: TemplatePort): boolean {
  return a.name !== undefined && a.name === b.name;
}
