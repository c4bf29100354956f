/**
 * A look before the authority is asked: do the names lead here, and does nginx answer from the folder in which certbot
 * lays its answers? A try that cannot succeed counts against the authority's limits.
 *
 * @module
 */

import type { CertificateTrouble } from "../../../lib/domain/host_certificate.ts";
import { type CertificatePlace, CHALLENGE_PATH } from "./certificate_place.ts";
import { troubleOf } from "./certificate_words.ts";
import type { Host } from "./step.ts";

/** Longest wait for an answer in ms. */
const ANSWER_MS = 5_000;
/** Bytes of an answer that are looked at. */
const ANSWER_MAX = 4_096;
const NAMES_AT_ONCE = 4;

/** What the look needs. */
export interface Look {
  readonly on: Host;
  readonly place: CertificatePlace;
  readonly names: readonly string[];
}

/** What would go wrong; `null`: nothing that can be seen from here. */
export async function lookBefore({ on, place, names }: Look): Promise<CertificateTrouble | null> {
  const here = await ownAddresses(on, place);
  const token = `wattpost-${crypto.randomUUID()}`;
  const folder = `${place.webroot}${CHALLENGE_PATH}`;
  await on.must(["mkdir", "-p", "-m", "755", "--", folder]);
  await on.write(`${folder}/${token}`, { text: token, mode: 0o644, owner: "root:root" });
  try {
    for (let i = 0; i < names.length; i += NAMES_AT_ONCE) {
      const looks = names.slice(i, i + NAMES_AT_ONCE).map((name) => lookAt({ name, token, here, place }));
      const trouble = (await Promise.all(looks)).find((each) => each !== null);
      if (trouble) return trouble;
    }
    return null;
  } finally {
    await on.run(["rm", "-f", "--", `${folder}/${token}`]);
  }
}

/** Addresses of this host, without the loopback. */
export async function ownAddresses(on: Host, { addresses }: CertificatePlace): Promise<readonly string[]> {
  if (addresses !== null) return addresses;
  const { code, out } = await on.run(["hostname", "-I"]);
  return code === 0 ? out.trim().split(/\s+/).filter((each) => each !== "") : [];
}

interface LookAt {
  readonly name: string;
  readonly token: string;
  readonly here: readonly string[];
  readonly place: CertificatePlace;
}

async function lookAt({ name, token, here, place }: LookAt): Promise<CertificateTrouble | null> {
  const found = await addressesOf(name, place);
  if (found === null) return null; // the authority asks other servers
  if (found.length === 0) {
    return troubleOf("wrong-dns", `"${name}" has no address: it is in no A or AAAA record`);
  }
  for (const address of found) {
    const answer = await ask({ address, name, token, port: place.challengePort });
    if (answer === token) continue;
    if (!here.includes(address)) {
      if (answer === null) continue; // behind a router that does not lead back to itself
      const own = here.slice(0, 4).join(", ");
      const words = `"${name}" leads to ${address}, where somebody else answers; this host has ${own}`;
      return troubleOf("wrong-dns", words);
    }
    const how = answer === null ? "nobody answers" : "another answer came";
    const words = `"${name}" leads here (${address}), but on port ${place.challengePort} ${how}`;
    return troubleOf("challenge-refused", words);
  }
  return null;
}

/** Addresses of a name; `null`: no server could say. */
async function addressesOf(
  name: string,
  { nameServer }: CertificatePlace,
): Promise<readonly string[] | null> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const options = { signal, ...(nameServer ? { nameServer } : {}) };
  const resolve = (type: "A" | "AAAA") =>
    Deno.resolveDns(name, type, options).catch((error) => error instanceof Deno.errors.NotFound ? [] : null);
  const [v4, v6] = await Promise.all([resolve("A"), resolve("AAAA")]);
  if (v4 === null && v6 === null) return null;
  const found = [...v4 ?? [], ...v6 ?? []];
  return found.length === 0 && (v4 === null || v6 === null) ? null : found.slice(0, 20);
}

interface Ask {
  readonly address: string;
  readonly name: string;
  readonly token: string;
  readonly port: number;
}

/** The body of the answer; `null`: none. */
async function ask({ address, name, token, port }: Ask): Promise<string | null> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  let socket: Deno.TcpConn;
  try {
    socket = await Deno.connect({ hostname: address, port, signal });
  } catch {
    return null;
  }
  const onLate = () => socket.close();
  signal.addEventListener("abort", onLate, { once: true });
  try {
    const head = `GET ${CHALLENGE_PATH}/${token} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;
    await socket.write(new TextEncoder().encode(head));
    const text = await readText(socket);
    return text === "" ? null : text.slice(text.indexOf("\r\n\r\n") + 4).trim();
  } catch {
    return null;
  } finally {
    signal.removeEventListener("abort", onLate);
    if (!signal.aborted) socket.close();
  }
}

async function readText(socket: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(ANSWER_MAX);
  let filled = 0;
  while (filled < bytes.length) {
    const read = await socket.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return new TextDecoder().decode(bytes.subarray(0, filled));
}
