/**
 * Does a reading arrive? A meter is simulated on this machine, or is there already as in staging; the product is told of
 * it in a draft, reads it as it reads any other, and the draft is removed again. No site is registered and nothing stays.
 *
 * @module
 */

import { systemClock } from "../../../lib/clock.ts";
import { err, ok, type Result } from "../../../lib/result.ts";
import { startSite } from "../../../lib/simulator/site.ts";
import { answerText, jsonOf } from "./answer_look.ts";
import { fail, notRun, pass, type SmokeCheck, type SmokeContext } from "./smoke_context.ts";
import { TRIAL_METER, trialMeterAt } from "./trial_meter.ts";
import type { Outcome } from "./verdict.ts";

/** The kind of answer that has one JSON value a line. */
const LINES = "application/x-ndjson";

/** Milliseconds for a test of a device. */
const TEST_MS = 25_000;

const NAMED =
  "Name an address of this machine that it may dial: --meter HOST:PORT; an administrator allows networks and ports on the page Networks";

const THERE =
  "Does a meter answer there, as deno task sim --meter starts one, and do the page Networks and the firewall let it be read?";

/** A reading of a simulated meter arrives. */
export const METER_CHECK: SmokeCheck = {
  name: "reading",
  about: "a reading of a simulated meter arrives",
  async run(context, signal) {
    if (context.learned.cookie === null) {
      return notRun(
        "Nobody is signed in who could have a meter read",
        "Name a file with its account: --account",
      );
    }
    const { host, port, isThere } = context.meter;
    if (isThere) return await readThrough(context, { port, asked: null, signal });
    let site;
    try {
      site = await startSite(trialMeterAt(port), { clock: systemClock, host });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return fail(
        `No meter can listen at ${host}:${port}: ${why}`,
        "Name an address of this machine: --meter",
      );
    }
    const [endpoint] = site.endpoints;
    try {
      return await readThrough(context, {
        port: endpoint?.port ?? port,
        asked: () => endpoint?.requests() ?? 0,
        signal,
      });
    } finally {
      await site.close();
    }
  },
};

interface Reading {
  readonly port: number;
  /** Requests that the meter got; `null`: it is not ours, and nobody counts. */
  readonly asked: (() => number) | null;
  readonly signal: AbortSignal;
}

async function readThrough(context: SmokeContext, reading: Reading): Promise<Outcome> {
  const made = await send(context, "/sites/register", {}, reading.signal);
  if (!made.ok) return fail(made.error, "The account must be one that may register sites: a technician");
  const [draft] = /^\/sites\/register\/\d{1,10}/.exec(made.value) ?? [];
  if (draft === undefined) return fail(`A draft was made at "${made.value}"`, "Look at its log");
  try {
    return await readDraft(context, { ...reading, draft });
  } finally {
    // Also where the time is over: nothing of these checks is to stay.
    await send(context, `${draft}/remove`, {}, AbortSignal.timeout(TEST_MS));
  }
}

async function readDraft(
  context: SmokeContext,
  reading: Reading & { readonly draft: string },
): Promise<Outcome> {
  const { draft, port, signal } = reading;
  const { host } = context.meter;
  const steps = [
    ["site", { name: `Smoke ${crypto.randomUUID().slice(0, 8)}`, group: "", zone: "Etc/UTC" }],
    ["router", {
      unitId: String(TRIAL_METER.unitId),
      path1Kind: "cellular",
      path1Host: host,
      endpoint1Kind: "device",
      endpoint1Port: String(port),
    }],
  ] as const;
  for (const [step, fields] of steps) {
    const path = `${draft}/${step}`;
    const version = await versionAt(context, path, signal);
    if (!version.ok) return fail(version.error, "Look at its log");
    const sent = await send(context, path, { ...fields, version: version.value, do: "next" }, signal);
    if (!sent.ok) return fail(sent.error, "Look at its log");
  }
  const version = await versionAt(context, `${draft}/devices/new`, signal);
  if (!version.ok) return fail(version.error, "Look at its log");
  const tested = await context.client.ask(`${draft}/devices/new/test`, {
    form: {
      version: version.value,
      name: "Smoke",
      profileId: TRIAL_METER.profileId,
      unitId: String(TRIAL_METER.unitId),
      endpointId: "1",
    },
    headers: { accept: LINES },
    cookie: context.learned.cookie,
    withinMs: TEST_MS,
    signal,
  });
  if (!tested.ok) return fail(tested.error, "Look at its log");
  if (tested.value.status !== 200) {
    return fail(`The test of a device answers ${answerText(tested.value)}`, "Look at its log");
  }
  return outcomeOf(context, { text: tested.value.text, asked: reading.asked?.() ?? null });
}

/** What the last line of the test says. */
function outcomeOf(
  { meterNamed, meter }: SmokeContext,
  { text, asked }: { readonly text: string; readonly asked: number | null },
): Outcome {
  const last = jsonOf(text.trim().split("\n").at(-1) ?? "");
  const outcome = jsonOf(JSON.stringify(last?.["outcome"] ?? null)) ?? {};
  if (outcome["kind"] === "ran" && outcome["state"] === "good" && asked !== 0) {
    const how = asked === null
      ? `from ${meter.host}:${meter.port}`
      : `in ${asked} requests to a simulated meter`;
    return pass(`${outcome["words"]}, ${how}`);
  }
  const trouble = troubleIn(outcome);
  if (asked === null) return fail(`${meter.host}:${meter.port} is not read: ${trouble}`, THERE);
  // A host with its usual settings never dials itself: there the meter must stand where routers may.
  if (asked === 0 && !meterNamed) return notRun(`It does not dial ${meter.host}: ${trouble}`, NAMED);
  return fail(
    `The meter at ${meter.host} was asked ${asked} times: ${trouble}`,
    asked > 0 ? "Look at its log" : NAMED,
  );
}

function troubleIn(outcome: Readonly<Record<string, unknown>>): string {
  const steps = Array.isArray(outcome["steps"]) ? outcome["steps"] : [];
  const bad = steps.map((step) => jsonOf(JSON.stringify(step)) ?? {})
    .find(({ state }) => state === "critical");
  return String(bad?.["seen"] ?? outcome["words"] ?? outcome["kind"] ?? "no outcome was told");
}

/** Sends a form; where it led. */
async function send(
  { client, learned }: SmokeContext,
  path: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const asked = await client.ask(path, { form, cookie: learned.cookie, signal });
  if (!asked.ok) return asked;
  const { status, headers } = asked.value;
  return status === 303
    ? ok(headers.get("location") ?? "")
    : err(`${path} answers ${answerText(asked.value)}`);
}

/** The version of a draft that a page of it carries. */
async function versionAt(
  { client, learned }: SmokeContext,
  path: string,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const asked = await client.ask(path, { cookie: learned.cookie, signal });
  if (!asked.ok) return asked;
  const [input = ""] = /<input[^>]*name="version"[^>]*>/.exec(asked.value.text) ?? [];
  const version = /value="(\d{1,10})"/.exec(input)?.[1];
  return version === undefined ? err(`${path} answers ${answerText(asked.value)} and no form`) : ok(version);
}
