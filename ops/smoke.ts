/**
 * `deno task smoke`: looks whether a running Wattpost works, over the address that people type or over the socket of a
 * colour that nobody reaches yet. The deploy asks it before it switches.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { ok } from "../lib/result.ts";
import { typedPath } from "./lib/command.ts";
import { ACCOUNT_FILE, accountAt } from "./lib/trial/account.ts";
import { createClient, learnPublicUrl } from "./lib/trial/client.ts";
import { readSmokeArguments, SMOKE_HELP, type SmokeArguments } from "./lib/trial/smoke_arguments.ts";
import { METER_CHECK } from "./lib/trial/smoke_meter.ts";
import { ASSETS_CHECK, PUBLIC_CHECKS } from "./lib/trial/smoke_public.ts";
import { INSIDE_CHECKS, LAST_CHECKS } from "./lib/trial/smoke_signed_in.ts";
import type { SmokeContext } from "./lib/trial/smoke_context.ts";
import { checkedLine, checkedSum, exitOf, runChecks } from "./lib/trial/verdict.ts";

const CHECKS = [...PUBLIC_CHECKS, ...INSIDE_CHECKS, ASSETS_CHECK, METER_CHECK, ...LAST_CHECKS];

async function main(args: readonly string[]): Promise<number> {
  const read = readSmokeArguments(args);
  if (!read.ok) {
    if (read.error === null) console.log(SMOKE_HELP);
    else console.error(`${read.error}\n\n${SMOKE_HELP}`);
    return read.error === null ? 0 : 2;
  }
  const context = await contextOf(read.value);
  if (typeof context === "string") {
    console.error(context);
    return 1;
  }
  const { json, whole, withinMs } = read.value;
  try {
    const done = await runChecks(CHECKS, {
      context,
      clock: systemClock,
      withinMs,
      onChecked: (checked) => json || console.log(checkedLine(checked)),
    });
    console.log(json ? JSON.stringify({ checks: done }, null, 2) : `\n${checkedSum(done)}`);
    return exitOf(done, { whole });
  } finally {
    context.client.close();
  }
}

/** What the checks look at; a text: why they cannot. */
async function contextOf(asked: SmokeArguments): Promise<SmokeContext | string> {
  const { place, release, meter, meterNamed, caFile, accountFile } = asked;
  let ca: string | undefined;
  if (caFile !== null) {
    const text = await Deno.readTextFile(typedPath(caFile)).catch(() => null);
    if (text === null) return `Cannot read the certificate in ${caFile}`;
    ca = text;
  }
  const trusts = ca === undefined ? {} : { ca };
  const home = asked.publicUrl === null
    ? await learnPublicUrl({ place, clock: systemClock, ...trusts })
    : ok(asked.publicUrl);
  if (!home.ok) return home.error;
  const path = accountFile === ACCOUNT_FILE ? accountFile : typedPath(accountFile);
  return {
    client: createClient({
      place,
      publicUrl: home.value,
      clock: systemClock,
      ...trusts,
    }),
    clock: systemClock,
    release,
    account: await accountAt(path),
    meter,
    meterNamed,
    learned: { cookie: null, assets: new Set() },
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
