/**
 * `deno task audit:dependencies`: asks the npm advisory service about every package of `deno.lock`. Advisories that
 * were accepted for a reason and a time are named; one that was not fails. A service that does not answer is said
 * and never passes.
 *
 * @module
 */
import { systemClock } from "../lib/clock.ts";
import { safeText } from "../lib/log.ts";
import {
  type Accepted,
  type Advisory,
  judgeAdvisories,
  packagesOf,
  readAccepted,
  readAdvisories,
} from "./lib/advisories.ts";

/** Where the service answers. */
export const SERVICE = "https://registry.npmjs.org/-/npm/v1/security/advisories/bulk";

/** How it is called. */
export const ADVISORIES_HELP = `deno task audit:dependencies

Asks the npm advisory service about every package of deno.lock. Takes no options; what was accepted for a reason and a
time stands in ops/advisories_accepted.json.

Exit code 0: nothing new; 1: something that nobody accepted; 3: nothing could be learnt, which is no pass.`;

/** Exit codes: nothing new; something that nobody accepted; wrong arguments; nothing could be learnt. */
export const EXITS = { clean: 0, found: 1, wrong: 2, unknown: 3 } as const;

/** Milliseconds to wait for the service. */
const WAIT_MS = 30_000;

/** Bytes of its answer at most. */
const ANSWER_MAX = 5_000_000;

/** What asking works with. */
export interface AdvisoryTools {
  /** Where the service answers. */
  readonly service: string;
  /** Text of `deno.lock`. */
  readonly lock: string;
  /** Text of the list of accepted advisories. */
  readonly accepted: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Shows a line. */
  readonly print: (line: string) => void;
  /** Milliseconds to wait; absent: {@link WAIT_MS}. */
  readonly waitMs?: number;
}

/** Asks and says what was found; the exit code. */
export async function auditDependencies(tools: AdvisoryTools): Promise<number> {
  const { lock, nowMs, print } = tools;
  const packages = packagesOf(lock);
  if (packages.size === 0) {
    print("deno.lock names no packages: nothing was asked, so this is no pass.");
    return EXITS.unknown;
  }
  const accepted = readAccepted(tools.accepted);
  if (!accepted.ok) {
    print(`ops/advisories_accepted.json is not understood: ${accepted.error}`);
    return EXITS.unknown;
  }
  const answer = await askAdvisories(tools, packages).catch((error: unknown) => String(error));
  if (typeof answer === "string") {
    print(`Nothing is known of ${packages.size} packages: the advisory service cannot be used.`);
    print(`  ${tools.service}: ${safeText(answer).slice(0, 300)}`);
    print("  This is no pass: ask again from a machine that reaches it.");
    return EXITS.unknown;
  }
  return say(answer, { accepted: accepted.value, packages, nowMs, print });
}

interface Saying extends Pick<AdvisoryTools, "nowMs" | "print"> {
  readonly accepted: readonly Accepted[];
  readonly packages: ReadonlyMap<string, readonly string[]>;
}

function say(advisories: readonly Advisory[], { accepted, packages, nowMs, print }: Saying): number {
  const { open, taken, expired, unused } = judgeAdvisories(advisories, { accepted, nowMs });
  const line = (one: Advisory) => `  ${one.severity} ${one.name} ${one.range}: ${one.title} (${one.url})`;
  print(`${packages.size} packages, ${advisories.length} advisories`);
  for (const one of taken) print(`accepted${line(one)}`);
  for (const one of expired) print(`acceptance has expired${line(one)}`);
  for (const one of open) print(`NOT ACCEPTED${line(one)}`);
  for (const { id } of unused) print(`accepted without need: ${id} can be removed from the list`);
  return open.length + expired.length > 0 ? EXITS.found : EXITS.clean;
}

/** What the service says; a text: why nothing was learnt. Throws where it is not reached. */
export async function askAdvisories(
  { service, waitMs = WAIT_MS }: Pick<AdvisoryTools, "service" | "waitMs">,
  packages: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Advisory[] | string> {
  const answer = await fetch(service, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(Object.fromEntries(packages)),
    redirect: "error",
    signal: AbortSignal.timeout(waitMs),
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    return `it answers ${answer.status}`;
  }
  const text = await answer.text();
  if (text.length > ANSWER_MAX) return "its answer is too long";
  return readAdvisories(text) ?? "its answer is not understood";
}

async function main(): Promise<number> {
  const [unknown] = Deno.args.filter((arg) => arg !== "--help");
  if (Deno.args.length > 0) {
    console.log(
      unknown === undefined ? ADVISORIES_HELP : `No option is called "${unknown}"\n\n${ADVISORIES_HELP}`,
    );
    return unknown === undefined ? EXITS.clean : EXITS.wrong;
  }
  return await auditDependencies({
    service: SERVICE,
    lock: await Deno.readTextFile("deno.lock"),
    accepted: await Deno.readTextFile("ops/advisories_accepted.json"),
    nowMs: systemClock.nowMs(),
    print: console.log,
  });
}

if (import.meta.main) Deno.exit(await main());
