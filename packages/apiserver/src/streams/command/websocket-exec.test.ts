import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type StreamingApi, startStreaming } from "../running-pod.testing.ts";

let api: StreamingApi;
beforeEach(async () => {
  api = await startStreaming();
});
afterEach(() => api.stop());

/** A client that keeps what each channel said. */
class Client {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  readonly closed: Promise<number>;
  readonly messages: Buffer[] = [];

  constructor(path: string, protocols: readonly string[]) {
    this.socket = new WebSocket(`ws+unix:${api.socketPath}:${path}`, [...protocols]);
    this.opened = new Promise((resolve, reject) => {
      this.socket.once("open", () => resolve());
      this.socket.once("error", reject);
      this.socket.once("unexpected-response", (_request, response) =>
        reject(new Error(`status ${response.statusCode}`)),
      );
    });
    this.opened.catch(() => {});
    this.closed = new Promise((resolve) => this.socket.once("close", (code) => resolve(code)));
    this.socket.on("message", (message: Buffer) => this.messages.push(message));
  }

  channel(number: number): string {
    const own = this.messages.filter((message) => message[0] === number);
    return Buffer.concat(own.map((message) => message.subarray(1))).toString("latin1");
  }

  send(channel: number, bytes: Buffer | string): Promise<void> {
    const message = Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]);
    return new Promise((resolve) => this.socket.send(message, () => resolve()));
  }
}

async function open(
  query: Readonly<Record<string, string | readonly string[]>>,
  protocols = ["v5.channel.k8s.io"],
) {
  const client = new Client(api.path("exec", query), protocols);
  await client.opened;
  return client;
}

const [stdin, stdout, stderr, error, resize, close] = [0, 1, 2, 3, 4, 255];

describe("exec over WebSocket", () => {
  it.each(["v5.channel.k8s.io", "v4.channel.k8s.io"])(
    "%s tells output, errors and the exit code",
    async (protocol) => {
      const command = ["sh", "-c", "echo out; echo err >&2; exit 3"];
      const client = await open({ command, stdout: "true", stderr: "True" }, [protocol, "channel.k8s.io"]);
      expect(client.socket.protocol).toBe(protocol);
      expect(await client.closed).toBe(1000);
      expect(client.channel(stdout)).toBe("out\n");
      expect(client.channel(stderr)).toBe("err\n");
      expect(JSON.parse(client.channel(error))).toMatchObject({
        status: "Failure",
        reason: "NonZeroExitCode",
        message: "command terminated with non-zero exit code: exit status 3",
        details: { causes: [{ reason: "ExitCode", message: "3" }] },
      });
    },
  );

  it("takes input to the end that v5 can tell, and gives megabytes back", async () => {
    const client = await open({ command: "cat", stdin: "true", stdout: "true" });
    const sent = Buffer.alloc(3 << 20, "0123456789abcdef\n");
    for (let at = 0; at < sent.length; at += 100_000)
      await client.send(stdin, sent.subarray(at, at + 100_000));
    await client.send(close, Buffer.from([stdin]));
    await client.closed;
    expect(client.channel(stdout) === sent.toString("latin1")).toBe(true);
    expect(JSON.parse(client.channel(error))).toEqual({ metadata: {}, status: "Success" });
  });

  it("says the status to no client of the first protocol, and speaks base64 to those who want it", async () => {
    const plain = await open({ command: ["sh", "-c", "exit 2"], stdout: "true" }, ["channel.k8s.io"]);
    await plain.closed;
    expect(plain.channel(error)).toBe("command terminated with non-zero exit code: exit status 2");
    const coded = await open({ command: "cat", stdin: "1", stdout: "1" }, ["base64.channel.k8s.io"]);
    coded.socket.send(`0${Buffer.from("hello\n").toString("base64")}`);
    await vi.waitFor(() =>
      expect(coded.messages.map(String)).toEqual(["1", `1${Buffer.from("hello\n").toString("base64")}`]),
    );
    coded.socket.terminate();
  });

  it("tells that the connection stands before there is output", async () => {
    const client = await open({ command: "cat", stdin: "true", stdout: "true" });
    await vi.waitFor(() => expect(client.messages).toEqual([Buffer.from([stdout])]));
    client.socket.terminate();
  });

  it("passes sizes of a terminal on", async () => {
    const client = await open({ command: "cat", stdin: "true", stdout: "true", tty: "true" });
    await client.send(resize, '{"Width":91,"Height":33}');
    await vi.waitFor(() => expect(api.streams.sizes).toEqual([[91, 33]]));
    client.socket.terminate();
  });

  it("ends the process of a client that goes away, also when its input is stuck", async () => {
    const client = await open({ command: ["sleep", "600"], stdin: "true", stdout: "true" });
    for (let sent = 0; sent < 4 << 20; sent += 1 << 16) void client.send(stdin, Buffer.alloc(1 << 16));
    await vi.waitFor(() => expect(client.socket.bufferedAmount).toBeLessThan(4 << 20));
    client.socket.terminate();
    await vi.waitFor(() => expect(api.streams.hungUp).toBe(1));
  });

  it("is attached to without the exit code, which the pod's status has", async () => {
    const client = new Client(api.path("attach", { stdin: "true", stdout: "true" }), ["v5.channel.k8s.io"]);
    await client.opened;
    await client.send(stdin, "typed\n");
    await client.send(close, Buffer.from([stdin]));
    await client.closed;
    expect(client.channel(stdout)).toBe("attached\ntyped\n");
    expect(JSON.parse(client.channel(error))).toEqual({ metadata: {}, status: "Success" });
  });

  it("refuses subprotocols that it does not know", async () => {
    const client = new Client(api.path("exec", { command: "ls", stdout: "true" }), ["v9.channel.k8s.io"]);
    await expect(client.opened).rejects.toThrow("status 400");
  });
});
