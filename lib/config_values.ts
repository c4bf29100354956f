/**
 * How the text of each setting becomes a value; what is not accepted is `undefined`.
 *
 * @module
 */
import { isIP } from "node:net";
import { LOG_LEVELS, type LogLevel } from "./log.ts";

/** Where the app listens. */
export type Listen =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Whose X-Forwarded-For is believed. */
export type TrustProxy =
  /** Nobody's: whoever connects is the client. */
  | { readonly kind: "nobody" }
  /** Whoever connects is our one proxy, and what it wrote last is the client. */
  | { readonly kind: "whoever-connects" }
  /** Addresses and networks of our proxies, such as `10.0.0.0/8`; the last one that is none of them is the client. */
  | { readonly kind: "listed"; readonly networks: readonly string[] };

/** Networks of proxies at most. */
const PROXIES_MAX = 50;

/** Keys of the ring at most: the newest and those that old secrets are still sealed with. */
const SECRETS_KEYS_MAX = 10;

/** A whole number within bounds, in digits. */
export function wholeNumber(given: string, least: number, most: number): number | undefined {
  const value = /^[0-9]{1,9}$/.test(given) ? Number(given) : NaN;
  return value >= least && value <= most ? value : undefined;
}

/** An address with a port, or `unix:` with an absolute path. */
export function readListen(given: string): Listen | undefined {
  if (given.startsWith("unix:/")) return { kind: "unix", path: given.slice("unix:".length) };
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):([0-9]+)$/i.exec(given) ?? [];
  const hostname = bracketed ?? plain;
  const port = wholeNumber(digits ?? "", 0, 65_535);
  return hostname === undefined || port === undefined ? undefined : { kind: "tcp", hostname, port };
}

/** The origin by which a browser on this machine finds the app. */
export function originOf(listen: Listen): string {
  if (listen.kind === "unix") return "http://localhost";
  const host = ["0.0.0.0", "::"].includes(listen.hostname) ? "localhost" : listen.hostname;
  return new URL(`http://${host.includes(":") ? `[${host}]` : host}:${listen.port}`).origin;
}

/** An origin: scheme, host and port, nothing else. */
export function readOrigin(given: string): string | undefined {
  const url = URL.parse(given);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return undefined;
  return given === url.origin || given === `${url.origin}/` ? url.origin : undefined;
}

/** The URL of a database that we can speak to. */
export function readDatabaseUrl(given: string): string | undefined {
  if (given.startsWith("sqlite:")) return given.length > "sqlite:".length ? given : undefined;
  const url = URL.parse(given);
  if (url === null || url.protocol !== "mysql:" || url.username === "") return undefined;
  return url.hostname !== "" && /^\/[A-Za-z0-9_$-]{1,64}$/.test(url.pathname) ? given : undefined;
}

/** A path that can stand in a permission flag. */
export function readPath(given: string): string | undefined {
  return given.includes("\0") || given.includes(",") ? undefined : given.replace(/(.)\/+$/, "$1");
}

/** A path, or the URL of a denokv server. */
export function readKv(given: string): string | undefined {
  if (!given.includes("://")) return readPath(given);
  return /^https?:$/.test(URL.parse(given)?.protocol ?? "") ? given : undefined;
}

/** One of the levels of the log. */
export function readLogLevel(given: string): LogLevel | undefined {
  return LOG_LEVELS.find((level) => level === given);
}

/** The name of a release. */
export function readRelease(given: string): string | undefined {
  return /^[A-Za-z0-9._-]{1,40}$/.test(given) ? given : undefined;
}

/** A token for monitoring. */
export function readToken(given: string): string | undefined {
  return /^[!-~]{16,200}$/.test(given) ? given : undefined;
}

/** A password of another service, without control characters. */
export function readPassword(given: string): string | undefined {
  return /^[^\p{Cc}]{1,200}$/u.test(given) ? given : undefined;
}

/** `off`, `on`, or addresses and networks of our proxies; a network of everybody is none of ours. */
export function readTrustProxy(given: string): TrustProxy | undefined {
  if (given === "off") return { kind: "nobody" };
  if (given === "on") return { kind: "whoever-connects" };
  const networks = given.split(",").map((network) => network.trim());
  if (networks.length > PROXIES_MAX || !networks.every(isNetwork)) return undefined;
  return { kind: "listed", networks };
}

function isNetwork(text: string): boolean {
  const [address = "", prefix, more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || address.includes("%") || more !== undefined) return false;
  return prefix === undefined || wholeNumber(prefix, 1, family === 4 ? 32 : 128) !== undefined;
}

/** Keys for secrets at rest: `id:` and the base64 of 32 bytes, separated by commas or lines, the newest first. */
export function readSecretsKey(given: string): string | undefined {
  const keys = given.split(/[,\n]/).map((key) => key.trim()).filter((key) => key !== "");
  const shaped = keys.every((key) => /^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(key));
  const ids = new Set(keys.map((key) => key.split(":", 1)[0]));
  const counted = keys.length > 0 && keys.length <= SECRETS_KEYS_MAX && ids.size === keys.length;
  return shaped && counted ? keys.join("\n") : undefined;
}

/** Where people report a weakness: an e-mail address or a page. */
export function readContact(given: string): string | undefined {
  if (given.length > 200) return undefined;
  if (/^mailto:[A-Za-z0-9.!#$&'*+/=^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(given)) {
    return given;
  }
  const url = /^https:\/\/[!-~]+$/.test(given) ? URL.parse(given) : null;
  return url !== null && url.username === "" ? url.href : undefined;
}
