import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type StreamingApi, startStreaming } from "../running-pod.testing.ts";
import { type SpdyClient, spdyUpgrade } from "../spdy/client.testing.ts";

let api: StreamingApi;
beforeEach(async () => {
  api = await startStreaming();
});
afterEach(() => api.stop());

const v4 = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];

async function exec(
  command: readonly string[],
  io: Readonly<Record<string, string>> = { stdout: "true", stderr: "true" },
  protocols: readonly string[] = v4,
): Promise<SpdyClient> {
  const { client, body } = await spdyUpgrade(api.socketPath, api.path("exec", { command, ...io }), protocols);
  if (client === undefined) throw new Error(body);
  return client;
}

describe("exec over SPDY", () => {
  it("tells output, errors and the exit code on streams of their own, and closes", async () => {
    const client = await exec(["sh", "-c", "echo out; echo err >&2; exit 3"]);
    const error = await client.open({ streamtype: "error" });
    const stdout = await client.open({ streamtype: "stdout" });
    const stderr = await client.open({ streamtype: "stderr" });
    expect(await stdout.text).toBe("out\n");
    expect(await stderr.text).toBe("err\n");
    expect(JSON.parse(await error.text)).toMatchObject({
      status: "Failure",
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
    await client.closed;
  });

  it("takes input to its end, three megabytes of it, and gives as much back", async () => {
    const client = await exec(["cat"], { stdin: "1", stdout: "t" });
    const error = await client.open({ streamtype: "error" }, true);
    const stdin = await client.open({ streamtype: "stdin" });
    const stdout = await client.open({ streamtype: "stdout" });
    const sent = Buffer.alloc(3 << 20, "0123456789abcdef\n");
    for (let at = 0; at < sent.length; at += 32 << 10) await stdin.write(sent.subarray(at, at + (32 << 10)));
    stdin.end();
    expect((await stdout.text) === sent.toString("latin1")).toBe(true);
    expect(JSON.parse(await error.text)).toEqual({ metadata: {}, status: "Success" });
  });

  it("holds a client back whose input nobody reads, and sees it go away all the same", async () => {
    const client = await exec(["sleep", "600"], { stdin: "true", stdout: "true" });
    await client.open({ streamtype: "error" });
    const stdin = await client.open({ streamtype: "stdin" });
    await client.open({ streamtype: "stdout" });
    let sent = 0;
    const flood = async () => {
      for (; !client.transport.destroyed; sent += 1 << 16) await stdin.write(Buffer.alloc(1 << 16));
    };
    void flood();
    await vi.waitFor(async () => {
      const before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(sent).toBe(before);
      expect(sent).toBeGreaterThan(1 << 20);
    });
    expect(sent).toBeLessThan(8 << 20);
    client.transport.destroy();
    await vi.waitFor(() => expect(api.streams.hungUp).toBe(1));
  });

  it("passes sizes of a terminal on, chunked or not", async () => {
    const client = await exec(["cat"], { stdin: "true", stdout: "true", tty: "true" });
    await client.open({ streamtype: "error" });
    const stdin = await client.open({ streamtype: "stdin" });
    await client.open({ streamtype: "stdout" });
    const resize = await client.open({ streamtype: "resize" });
    await resize.write('{"Width":80,"Height":24}\n{"Width":12');
    await resize.write('0,"Height":40}\n{"Width":0,"Height":1}\n');
    await vi.waitFor(() => expect(api.streams.sizes.length).toBe(2));
    expect(api.streams.sizes).toEqual([
      [80, 24],
      [120, 40],
    ]);
    stdin.end();
    await client.closed;
  });

  it("says it in words to clients of the first protocols", async () => {
    for (const protocols of [[], ["v2.channel.k8s.io"], ["channel.k8s.io"]]) {
      const client = await exec(["sh", "-c", "exit 2"], { stdout: "true" }, protocols);
      const error = await client.open({ streamtype: "error" });
      await client.open({ streamtype: "stdout" });
      expect(await error.text).toBe("command terminated with non-zero exit code: exit status 2");
    }
  });

  it("tells of a command that cannot be run as an internal error", async () => {
    const client = await exec(["/nonexistent"], { stdout: "true" });
    const error = await client.open({ streamtype: "error" });
    await client.open({ streamtype: "stdout" });
    expect(JSON.parse(await error.text)).toMatchObject({
      reason: "InternalError",
      code: 500,
      message:
        'Internal error occurred: error executing command in container: exec: "/nonexistent": executable file not found',
    });
  });

  it("answers pings, and ends the process when the client goes", async () => {
    const client = await exec(["sleep", "600"], { stdout: "true" });
    await client.open({ streamtype: "error" });
    await client.open({ streamtype: "stdout" });
    client.ping(7);
    await vi.waitFor(() => expect(client.others.map((frame) => frame.payload.readUInt32BE())).toEqual([7]));
    client.transport.destroy();
    await vi.waitFor(() => expect(api.streams.hungUp).toBe(1));
  });

  it("breaks off when a client does not speak SPDY", async () => {
    const client = await exec(["true"], { stdout: "true" });
    // A stream whose headers are no zlib.
    client.transport.write(Buffer.from([0x80, 3, 0, 1, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2]));
    await client.closed;
  });
});

describe("upgrades that are refused", () => {
  it("says which protocols there are", async () => {
    const path = api.path("exec", { command: "ls", stdout: "true" });
    const answer = await spdyUpgrade(api.socketPath, path, ["v9.channel.k8s.io"]);
    expect(answer.code).toBe(403);
    expect(answer.body).toContain("client supports [v9.channel.k8s.io], server accepts [v5.channel.k8s.io");
  });

  it.each([
    ["web/exec?command=ls", 400, "you must specify at least 1 of stdin, stdout, stderr"],
    ["web/exec?stdout=true", 400, "you must specify at least one command for the container"],
    ["web/exec?command=ls&stdout=1&container=no", 400, "container no is not valid for pod web"],
    ["none/exec?command=ls&stdout=1", 404, 'pods \\"none\\" not found'],
    ["x/../web/exec?command=ls&stdout=1", 400, "only exec"],
    ["%/exec?command=ls&stdout=1", 400, "only exec"],
    ["web/log", 400, "only exec, attach, portforward and log of pods, and watches, are upgraded"],
  ])("%s", async (path, code, message) => {
    const answer = await spdyUpgrade(api.socketPath, `/api/v1/namespaces/default/pods/${path}`, v4);
    expect(answer.code).toBe(code);
    expect(answer.body).toContain(message);
  });

  it("names the container that does not run, as a kubelet does", async () => {
    await api.setStatus("web", { phase: "Pending" });
    const path = api.path("exec", { command: "ls", stdout: "true" });
    const answer = await spdyUpgrade(api.socketPath, path, v4);
    expect(answer).toMatchObject({ code: 500, body: 'container not found ("web")' });
  });
});
