import { spawn } from "node:child_process";
import { Unreachable } from "../errors.ts";
import type { CredentialSource, Credentials } from "../http-transport.ts";
import { isRecord, type KubeconfigEntry, pathIn } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

const apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
const interactiveModes = ["Never", "IfAvailable", "Always"];

/** What a plugin that asks for `provideClusterInfo` is told (client.authentication.k8s.io/v1 Cluster). */
export interface ExecCluster {
  readonly server: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "certificate-authority-data"?: string;
}

/**
 * Credentials from a program of the user's (`users[].user.exec`; client.authentication.k8s.io/v1 ExecCredential). They are
 * kept until they expire or the server refuses them, in memory only.
 * @throws KubeconfigError for an entry that is made otherwise; `get` rejects with Unreachable when the program fails.
 */
export function execCredentials(user: KubeconfigEntry, cluster: ExecCluster): CredentialSource {
  const plugin = readPlugin(user, cluster);
  let kept: Granted | undefined;
  let running: Promise<Granted> | undefined;
  return {
    async get() {
      if (kept !== undefined && kept.expires > Date.now()) return kept.credentials;
      // Requests that come together wait for one run of the program.
      running ??= runPlugin(plugin).finally(() => {
        running = undefined;
      });
      kept = await running;
      return kept.credentials;
    },
    forget() {
      kept = undefined;
    },
  };
}

interface Plugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interactiveMode: string;
  readonly installHint: string;
  readonly cluster: ExecCluster | undefined;
}

interface Granted {
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

function readPlugin(user: KubeconfigEntry, cluster: ExecCluster): Plugin {
  const { exec } = user.fields;
  const wrong = (what: string) => new KubeconfigError(`${user.file}: exec of user "${user.name}" ${what}`);
  if (!isRecord(exec)) throw wrong("is no mapping");
  const { apiVersion, command, args, env, installHint, provideClusterInfo, interactiveMode } = exec;
  if (typeof apiVersion !== "string" || !apiVersions.includes(apiVersion))
    throw wrong(`has apiVersion ${JSON.stringify(apiVersion)}; known are ${apiVersions.join(" and ")}`);
  if (typeof command !== "string" || command === "") throw wrong("has no command");
  const mode = interactiveMode ?? "IfAvailable";
  if (typeof mode !== "string" || !interactiveModes.includes(mode))
    throw wrong(`has interactiveMode ${JSON.stringify(mode)}; it is Never, IfAvailable or Always`);
  const variables = (env ?? []) as unknown;
  if (!Array.isArray(variables) || !variables.every(isRecord)) throw wrong("has an env that is no list");
  const words = (args ?? []) as unknown;
  if (!Array.isArray(words)) throw wrong("has args that are no list");
  return {
    apiVersion,
    // A bare name is looked up on the PATH; a relative path starts from the kubeconfig.
    command: command.includes("/") ? pathIn(user, command) : command,
    args: words.map(String),
    env: Object.fromEntries(variables.map(({ name, value }) => [String(name), String(value ?? "")])),
    interactiveMode: mode,
    installHint: typeof installHint === "string" ? installHint.trim() : "",
    cluster: provideClusterInfo === true ? cluster : undefined,
  };
}

async function runPlugin(plugin: Plugin): Promise<Granted> {
  const interactive = plugin.interactiveMode !== "Never" && process.stdin.isTTY === true;
  if (plugin.interactiveMode === "Always" && !interactive)
    throw new Unreachable(`${plugin.command} needs a terminal to log in, and there is none`);
  const spec = { interactive, ...(plugin.cluster && { cluster: plugin.cluster }) };
  const request = { kind: "ExecCredential", apiVersion: plugin.apiVersion, spec };
  const output = await outputOf(plugin, interactive, JSON.stringify(request));
  return readAnswer(plugin, output);
}

function outputOf(plugin: Plugin, interactive: boolean, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      // What the program has to say to its user goes to its user.
      stdio: [interactive ? "inherit" : "ignore", "pipe", "inherit"],
      env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: request },
    });
    const chunks: Buffer[] = [];
    child.stdout!.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "ENOENT" ? "is not there" : `cannot be run: ${error.message}`;
      const hint = plugin.installHint === "" ? "" : `\n${plugin.installHint}`;
      reject(
        new Unreachable(`the program ${plugin.command}, which gives the credentials, ${why}${hint}`, error),
      );
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Unreachable(`${plugin.command} gave no credentials: it ended with ${signal ?? code}`));
    });
  });
}

function readAnswer(plugin: Plugin, output: string): Granted {
  const wrong = (what: string) => new Unreachable(`${plugin.command} gave no credentials: ${what}`);
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw wrong("its output is no JSON");
  }
  if (!isRecord(answer) || answer.kind !== "ExecCredential" || answer.apiVersion !== plugin.apiVersion)
    throw wrong(`its output is no ExecCredential of ${plugin.apiVersion}`);
  const status = isRecord(answer.status) ? answer.status : {};
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const credentials: Credentials = {
    ...(typeof token === "string" && token !== "" ? { token } : {}),
    ...(typeof cert === "string" && typeof key === "string" ? { cert, key } : {}),
  };
  if (credentials.token === undefined && credentials.cert === undefined)
    throw wrong("there is neither a token nor a certificate with its key");
  const expires = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Infinity;
  if (Number.isNaN(expires)) throw wrong(`its expirationTimestamp ${expirationTimestamp} is no time`);
  return { credentials, expires };
}
