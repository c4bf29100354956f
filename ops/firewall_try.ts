/**
 * Tries whether a TCP port answers: `firewall_try.ts ADDRESS PORT`. Exit code 0: it does, be it that nobody listens
 * there; 1: silence. Run by the firewall's own proof in a network namespace.
 *
 * @module
 */

const SILENCE_MS = 5_000;

if (import.meta.main) {
  const [hostname = "", port = ""] = Deno.args;
  const signal = AbortSignal.timeout(SILENCE_MS);
  try {
    (await Deno.connect({ hostname, port: Number(port), signal })).close();
    Deno.exit(0);
  } catch (error) {
    Deno.exit(error instanceof Deno.errors.ConnectionRefused ? 0 : 1);
  }
}
