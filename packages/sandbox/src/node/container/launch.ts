import type { Directory } from "../../dns/directory.ts";
import type { Upstream } from "../../dns/upstream/relay-client.ts";
import { findImage, type Image, pause } from "../../images/catalogue.ts";
import { DnsServer } from "../dns/dns-server.ts";
import { type EchoPort, EchoServer } from "../network/echo-server.ts";
import { ConfigError, type ConfigStore } from "../pod/config-store.ts";
import type { PodPlace } from "../pod/pod-place.ts";
import { podKey, type RawContainer, type RawPod } from "../pod/raw-pod.ts";
import type { PodVolumes } from "../pod/volumes/pod-volumes.ts";
import { listensOn } from "../system/listening.ts";
import { Container, ContainerStartError } from "./container.ts";
import { environmentOf } from "./environment.ts";
import { expand } from "./expand.ts";
import { ownPrograms } from "./own-programs.ts";
import { accountFiles } from "./root/accounts.ts";

/** A container that runs. */
export interface Launched {
  readonly container: Container;
  readonly exited: Promise<number>;
  /** Resolves when it can answer; never, when it ends before. */
  readonly ready: Promise<void>;
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  /** What the user should know about it. */
  readonly note?: string;
  /** Asks it to end, and ends it when the signal aborts. */
  stop(over: AbortSignal): Promise<void>;
}

/** A container that cannot be launched. `reason` is as Kubernetes has it; trying again helps only after a StartError. */
export class LaunchError extends Error {
  readonly reason: "ErrImagePull" | "CreateContainerConfigError" | "StartError";

  constructor(reason: LaunchError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface LaunchOptions {
  readonly pod: RawPod;
  readonly spec: RawContainer;
  readonly place: PodPlace;
  readonly volumes: Pick<PodVolumes, "bindsOf">;
  /** Variables that tell of Services. */
  readonly services: Readonly<Record<string, string>>;
  readonly configs: Pick<ConfigStore, "data">;
  /** What the DNS server answers by. */
  readonly directory: () => Directory;
  /** Whom the DNS server asks for other names. */
  readonly upstream: Upstream | undefined;
  readonly standIn: boolean;
}

/**
 * Starts one container of a pod.
 * @throws LaunchError
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { spec, place, standIn } = options;
  const found = findImage(spec.image ?? "", standIn);
  if ("message" in found) throw new LaunchError("ErrImagePull", found.message);
  const { env, binds } = configure(options);
  const { image } = found;
  const echo = image.program === "echo" && (found.standIn || !spec.command) ? portsOf(spec) : undefined;
  const server = startServer(options, image, echo?.served);
  try {
    const argv = server === undefined ? argvOf(image, spec, env) : pause;
    const workingDir = spec.workingDir || "/";
    const { hostName, network } = place;
    const files = { ...accountFiles(), ...place.files, ...image.files?.() };
    const { writable = [], emptied = [], links = {} } = image;
    const own = image.own === undefined ? undefined : ownPrograms(image.own);
    const root = {
      files,
      executables: { ...image.executables, ...own?.executables },
      writable,
      emptied,
      links,
      binds: [...binds, ...(own?.binds ?? [])],
    };
    const { stdin = false, stdinOnce = false, tty = false } = spec;
    const stdio = { stdin, stdinOnce, tty };
    const container = await Container.start({ argv, env, workingDir, hostName, root, network, stdio });
    const notes = [
      found.standIn ? `${spec.name}: echo server in place of ${spec.image}` : "",
      echo?.note ?? "",
    ];
    const note = notes.filter((text) => text !== "").join("; ");
    return {
      container,
      env,
      workingDir,
      exited: container.exited.then(({ code }) => {
        server?.close();
        return code;
      }),
      ready: readiness(container, image, spec),
      ...(note === "" ? {} : { note }),
      stop: (over) => container.stop(over),
    };
  } catch (error) {
    server?.close();
    if (error instanceof ContainerStartError) throw new LaunchError("StartError", error.message);
    throw error;
  }
}

/** @throws LaunchError CreateContainerConfigError */
function configure({ pod, spec, place, volumes, services, configs }: LaunchOptions) {
  try {
    const env = environmentOf(pod, spec, { ...place, services, configs });
    return { env, binds: volumes.bindsOf(spec, env) };
  } catch (error) {
    if (error instanceof ConfigError) throw new LaunchError("CreateContainerConfigError", error.message);
    throw error;
  }
}

/** `command` replaces what the image runs, `args` what it runs it with. */
function argvOf(image: Image, spec: RawContainer, env: Readonly<Record<string, string>>): readonly string[] {
  const { command = [], args = [] } = spec;
  const given = [...command, ...args].map((text) => expand(text, env));
  if (command.length > 0) return given;
  if (args.length > 0) return [...image.entrypoint, ...given];
  return typeof image.program === "string" ? pause : image.program;
}

/** The part of a container that runs in this process, if it has one. */
function startServer(
  { pod, place, directory, upstream }: LaunchOptions,
  image: Image,
  echoed: readonly EchoPort[] | undefined,
): EchoServer | DnsServer | undefined {
  try {
    if (image.program === "dns") return DnsServer.listen(place.network, directory, upstream);
    return echoed && EchoServer.listen(place.network, echoed, podKey(pod));
  } catch (error) {
    throw new LaunchError("StartError", (error as Error).message);
  }
}

function portsOf(spec: RawContainer): { served: EchoPort[]; note: string } {
  const ports = spec.ports ?? [];
  // A port may stand there twice, by two names; it is listened on once.
  const served = new Map<string, EchoPort>();
  for (const { containerPort: port, protocol = "TCP" } of ports)
    if (protocol !== "SCTP") served.set(`${protocol} ${port}`, { protocol, port });
  const skipped = ports.filter(({ protocol }) => protocol === "SCTP").map((port) => port.containerPort);
  if (skipped.length === 0) return { served: [...served.values()], note: "" };
  return {
    served: [...served.values()],
    note: `${spec.name}: SCTP is not served here, port ${skipped.join(", ")} is closed`,
  };
}

/** With a command of its own we cannot know what a container listens on: then it is ready as soon as it runs. */
async function readiness(container: Container, image: Image, spec: RawContainer): Promise<void> {
  if (image.listens === undefined || spec.command || spec.args) return;
  let ended = false;
  void container.exited.then(() => {
    ended = true;
  });
  for (let wait = 5; !ended; wait = Math.min(wait * 1.2, 100)) {
    if (listensOn(container.pid, image.listens)) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await new Promise(() => {});
}
