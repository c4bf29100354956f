/**
 * Puts load on a Wattpost for a while: signs in, lets people, programs and open pages do what they do, ends them in
 * order and signs out again.
 *
 * @module
 */

import type { Clock } from "../../../lib/clock.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { type Client, createClient } from "./client.ts";
import { endsWith } from "./ends.ts";
import { lookAround, sessionOf } from "./load_people.ts";
import type { LoadEnd, LoadPlan } from "./load_plan.ts";
import { askApi } from "./load_programs.ts";
import { follow } from "./load_streams.ts";
import { loadTally } from "./load_tally.ts";
import { seeded } from "./chance.ts";
import { type LoadWorld, paceOf } from "./load_world.ts";

/** Milliseconds for what is under way when the time is over. */
const GRACE_MS = 10_000;

/** Milliseconds between two words about how it goes. */
const TELL_MS = 10_000;

/** Share of the time in which streams are opened one after another. */
const OPENING_SHARE = 0.2;

/** What it works with. */
export interface LoadTools {
  readonly clock: Clock;
  /** Ends it early, in order. */
  readonly stop: AbortSignal;
  /** Told now and then how it goes. */
  readonly onTold: (words: string) => void;
}

/** Does it; the error says why it could not begin. */
export async function runLoad(plan: LoadPlan, tools: LoadTools): Promise<Result<LoadEnd, string>> {
  const { clock, stop, onTold } = tools;
  const client = clientOf(plan, clock);
  const cookies: string[] = [];
  try {
    for (const account of plan.accounts) {
      const signedIn = await sessionOf(client, { account, headers: {} });
      if (!signedIn.ok) return err(signedIn.error);
      cookies.push(signedIn.value);
    }
    using until = endsWith({ clock, signal: stop, withinMs: plan.seconds * 1_000 });
    using cut = endsWith({ clock, withinMs: plan.seconds * 1_000 + GRACE_MS });
    const world = worldOf(plan, { clock, over: until.signal, cut: cut.signal });
    const beganMs = clock.nowMs();
    await Promise.all([...everybody(world, plan, cookies), tell(world, onTold)]);
    const tookMs = clock.monotonicMs() - world.startMs;
    return ok({ plan, tally: world.tally, beganMs, tookMs, stopped: stop.aborted });
  } finally {
    for (const cookie of cookies) await client.ask("/sign-out", { form: {}, cookie });
    client.close();
  }
}

function everybody(world: LoadWorld, plan: LoadPlan, cookies: readonly string[]): readonly Promise<void>[] {
  const { users, programs, streams, tokens, writes, seconds } = plan;
  const times = (count: number) => Array.from({ length: count }, (_, i) => i);
  const cookieOf = (i: number) => cookies[i % Math.max(1, cookies.length)] ?? null;
  const apartMs = seconds * 1_000 * OPENING_SHARE / Math.max(1, streams);
  return [
    ...times(users).map((i) => lookAround(world, cookieOf(i))),
    ...times(programs).map((i) => askApi(world, { token: tokens[i % tokens.length] ?? "", writes })),
    ...times(streams).map((i) => follow(world, { cookie: cookieOf(i) ?? "", afterMs: i * apartMs })),
  ];
}

function worldOf(
  plan: LoadPlan,
  { clock, over, cut }: { readonly clock: Clock; readonly over: AbortSignal; readonly cut: AbortSignal },
): LoadWorld {
  let people = 0;
  return {
    clock,
    random: seeded(plan.seed),
    startMs: clock.monotonicMs(),
    over,
    cut,
    thinkMs: plan.thinkMs,
    pace: paceOf(clock, { perSecond: plan.atMost, over }),
    client: () => clientOf(plan, clock),
    address: () => {
      if (plan.place.kind === "url") return {};
      people += 1;
      return { "x-forwarded-for": `198.18.${people >> 8}.${people & 255}` }; // set apart for measurements, RFC 2544
    },
    tally: loadTally(plan.seconds * 1_000),
  };
}

function clientOf({ place, publicUrl, ca }: LoadPlan, clock: Clock): Client {
  return createClient({ place, publicUrl, clock, ...(ca === null ? {} : { ca }) });
}

/** Says now and then how it goes. */
async function tell({ clock, over, tally, startMs }: LoadWorld, onTold: LoadTools["onTold"]): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(TELL_MS, over);
    const rows = [...tally.rows.values()];
    const [good, failed, heldBack] = [
      rows.reduce((sum, { took }) => sum + took.count, 0),
      rows.reduce((sum, row) => sum + row.failed, 0),
      rows.reduce((sum, row) => sum + row.heldBack, 0),
    ];
    const seconds = Math.round((clock.monotonicMs() - startMs) / 1_000);
    onTold(
      `${seconds} s: ${good} answers, ${failed} failed, ${heldBack} held back, ${tally.streams.open} streams open`,
    );
  }
}
