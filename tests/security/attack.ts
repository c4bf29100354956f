/**
 * Attacks by name: each says what somebody wanted and what they get instead, and is made against the running product
 * over HTTP.
 *
 * @module
 */

import type { Answer } from "../flows/running_product.ts";

/** One attack. */
export interface Attack<Scene> {
  /** What somebody wanted, and what they get: goes on after "wants to". */
  readonly wants: string;
  /** Makes the attack; fails where it does not hold. */
  readonly holds: (scene: Scene) => Promise<void>;
}

/** Makes attacks one after the other, each as a step with its name. */
export async function withstand<Scene>(
  t: Deno.TestContext,
  scene: Scene,
  attacks: readonly Attack<Scene>[],
): Promise<void> {
  for (const { wants, holds } of attacks) await t.step(`wants to ${wants}`, () => holds(scene));
}

/** Longest that a single answer may take in ms, also where the machine has much else to do. */
export const PATIENCE_MS = 5_000;

/** How long something took in ms, with what came of it. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const startMs = performance.now();
  const value = await work();
  return { ms: performance.now() - startMs, value };
}

/** An answer without what differs between any two of the same page. */
export function alike({ status, headers, text }: Answer): unknown {
  const id = headers.get("x-request-id") ?? "none";
  const nonce = /'nonce-([0-9a-f]+)'/.exec(headers.get("content-security-policy") ?? "")?.[1] ?? "no nonce";
  const plain = (part: string) => part.replaceAll(id, "ID").replaceAll(nonce, "NONCE");
  const fields = [...headers].filter(([name]) => !["content-length", "date"].includes(name));
  return { status, text: plain(text), headers: fields.map(([name, value]) => [name, plain(value)]) };
}

/** What a server says to bytes as they are, up to the end of the connection or 64 KiB. */
export async function raw(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const sent = new TextEncoder().encode(bytes);
  for (let at = 0; at < sent.length;) {
    const took = await connection.write(sent.subarray(at)).catch(() => null);
    if (took === null) break; // refused in the middle: what it says is still to be read
    at += took;
  }
  const chunk = new Uint8Array(16_384);
  let text = "";
  while (text.length < 65_536) {
    const read = await connection.read(chunk).catch(() => null);
    if (read === null) break;
    text += new TextDecoder().decode(chunk.subarray(0, read));
  }
  return text;
}

/** A whole request for {@link raw}, after which the server ends the connection. */
export function request(line: string, fields: readonly string[], body = ""): string {
  return `${line}\r\n${[...fields, "Connection: close"].join("\r\n")}\r\n\r\n${body}`;
}

/** The field that names the host of a product. */
export function hostOf({ origin }: { readonly origin: string }): string {
  return `Host: ${new URL(origin).host}`;
}

/** The status of what {@link raw} read; 0: there was no answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}
