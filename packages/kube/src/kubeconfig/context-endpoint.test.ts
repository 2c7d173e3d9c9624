import { afterAll, describe, expect, it } from "vitest";
import { chooseContext } from "./choose-context.ts";
import { contextEndpoint } from "./context-endpoint.ts";
import { oneContext, Scratch } from "./kubeconfig.testing.ts";
import { readKubeconfig } from "./kubeconfig.ts";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const pem = (name: string) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----\n`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const endpoint = (parts: Parameters<typeof oneContext>[0]) =>
  contextEndpoint(chooseContext(readKubeconfig(oneContext(parts), scratch.path("config"))));

describe("a cluster", () => {
  it("gives its address, authority and name", () => {
    const cluster = { "certificate-authority-data": base64(pem("CA")), "tls-server-name": "api.example" };
    expect(endpoint({ cluster })).toEqual({
      url: "https://127.0.0.1:1",
      ca: pem("CA"),
      serverName: "api.example",
    });
    expect(endpoint({ cluster: { "insecure-skip-tls-verify": true } })).toMatchObject({
      insecureSkipTlsVerify: true,
    });
  });

  it("has files relative to the kubeconfig, and data before files", () => {
    scratch.write("ca.crt", pem("FILE"));
    expect(endpoint({ cluster: { "certificate-authority": "ca.crt" } })).toMatchObject({ ca: pem("FILE") });
    const both = {
      "certificate-authority": "none",
      "certificate-authority-data": base64(pem("DATA")),
    };
    expect(endpoint({ cluster: both })).toMatchObject({ ca: pem("DATA") });
  });

  it.each([
    [{ server: "" }, 'cluster "k" has no server'],
    [{ server: "example.com:6443" }, "which is no URL"],
    [{ "proxy-url": "socks5://proxy:1080" }, "Portcullis speaks to no proxy"],
    [{ "certificate-authority": "gone.crt" }, "gone.crt: no such file"],
    [{ "certificate-authority-data": "AAAA" }, "is no PEM"],
    [{ "insecure-skip-tls-verify": "yes please" }, "neither true nor false"],
    [
      { "insecure-skip-tls-verify": true, "certificate-authority-data": base64(pem("CA")) },
      "one contradicts the other",
    ],
  ])("%j is refused: %s", (cluster, words) => {
    expect(() => endpoint({ cluster })).toThrow(words);
  });
});

describe("a user", () => {
  it("is known by a token, else by a token's file that is read each time", async () => {
    expect(endpoint({ user: { token: "t", tokenFile: "token" } })).toMatchObject({ token: "t" });
    scratch.write("token", "one\n");
    const found = endpoint({ user: { tokenFile: "token" } });
    const source = "credentials" in found ? found.credentials! : undefined;
    expect(await source?.get()).toEqual({ token: "one" });
    scratch.write("token", "two\n");
    expect(await source?.get()).toEqual({ token: "two" });
    scratch.write("token", "\n");
    await expect(source?.get()).rejects.toThrow("there is no token in it");
  });

  it("is known by a certificate, as data or as files", () => {
    scratch.write("tls.key", pem("KEY"));
    const user = { "client-certificate-data": base64(pem("CERT")), "client-key": "tls.key" };
    expect(endpoint({ user })).toMatchObject({ cert: pem("CERT"), key: pem("KEY") });
    const half = { "client-certificate-data": base64(pem("CERT")) };
    expect(() => endpoint({ user: half })).toThrow("has no client-key");
  });

  it("is known by a password, and is who it wants to be taken for", () => {
    const user = {
      username: "u",
      password: "p",
      as: "jane",
      "as-groups": ["a", "b"],
      "as-user-extra": { "x/y": ["1"] },
    };
    expect(endpoint({ user })).toMatchObject({
      headers: {
        authorization: `Basic ${base64("u:p")}`,
        "Impersonate-User": "jane",
        "Impersonate-Group": ["a", "b"],
        "Impersonate-Extra-x%2Fy": ["1"],
      },
    });
  });

  it("of an auth-provider is refused", () => {
    expect(() => endpoint({ user: { "auth-provider": { name: "gcp" } } })).toThrow("uses auth-provider");
  });
});
