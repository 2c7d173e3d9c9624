import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";

/** Where to listen. */
export interface ListenAddress {
  /** An IP address; undefined is every address of the machine. */
  readonly host: string | undefined;
  /** 0 is any that is free. */
  readonly port: number;
}

/** `127.0.0.1:9753`, `[::1]:9753`, `:9753` for every address, or `off`. */
export function parseListenAddress(text: string): ListenAddress | "off" {
  if (text === "off") return "off";
  const [, bracketed, plain = "", digits] = /^(?:\[([^\]]*)\]|([^[\]:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const isAddress = bracketed === undefined ? host === "" || isIP(host) === 4 : isIP(host) === 6;
  if (digits === undefined || Number(digits) > 65_535 || !isAddress)
    throw new InvalidArgumentError(
      "Use an IP address and a port, as 127.0.0.1:9753, [::1]:9753 or :9753, or off.",
    );
  return { host: host === "" ? undefined : host, port: Number(digits) };
}

/** As `parseListenAddress`, for what tells more than everybody may know. */
export function parseLoopbackAddress(text: string): ListenAddress | "off" {
  const address = parseListenAddress(text);
  if (address === "off" || /^127\.|^::1$/.test(address.host ?? "")) return address;
  throw new InvalidArgumentError(
    "It tells who speaks to whom, and asks nobody who he is: use an address of the loopback, as 127.0.0.1:9753, or off.",
  );
}
