/**
 * Asks an app over its socket how it stands.
 *
 * @module
 */

import { RELEASE_HEADER } from "../../../lib/domain/release_report.ts";

/** What an app answers. */
export type Answer =
  /** Nobody answers. */
  | { readonly kind: "silent"; readonly why: string }
  /** It answers. `release` is what it says it is; empty: it does not say. */
  | { readonly kind: "answer"; readonly status: number; readonly release: string; readonly text: string };

const DEADLINE_MS = 5_000;
const TEXT_MAX = 2_000;

/** Asks for a path over a Unix socket. */
export async function askSocket(socket: string, path: string): Promise<Answer> {
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  try {
    const response = await fetch(`http://localhost${path}`, {
      client,
      redirect: "manual",
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = (await response.text()).slice(0, TEXT_MAX).trim();
    const release = response.headers.get(RELEASE_HEADER) ?? "";
    return { kind: "answer", status: response.status, release, text };
  } catch (error) {
    return { kind: "silent", why: whyOf(error) };
  } finally {
    client.close();
  }
}

function whyOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `no answer in ${DEADLINE_MS / 1_000} s`;
  }
  const words = error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
  if (/os error 2\b|No such file/.test(words)) return "there is no socket";
  if (/os error 111|refused/.test(words)) return "nobody listens at its socket";
  return "its socket does not answer";
}
