/**
 * Asks the app whether it lives, for Docker and systemd: exit 0 when `/livez` answers 200 within three seconds.
 *
 * @module
 */
import { type Listen, parseConfig } from "../lib/config.ts";

const DEADLINE_MS = 3_000;

/** Whether whatever listens there answers `/livez` with 200 in time. */
export async function isAlive(listen: Listen): Promise<boolean> {
  const client = listen.kind === "unix"
    ? Deno.createHttpClient({ proxy: { transport: "unix", path: listen.path } })
    : Deno.createHttpClient({});
  try {
    const response = await fetch(urlOf(listen), { client, signal: AbortSignal.timeout(DEADLINE_MS) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

function urlOf(listen: Listen): string {
  if (listen.kind === "unix") return "http://localhost/livez";
  const anywhere: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  const host = anywhere[listen.hostname] ?? listen.hostname;
  return `http://${host.includes(":") ? `[${host}]` : host}:${listen.port}/livez`;
}

if (import.meta.main) {
  const config = parseConfig({ LISTEN: Deno.env.get("LISTEN") });
  Deno.exit(config.ok && await isAlive(config.value.listen) ? 0 : 1);
}
