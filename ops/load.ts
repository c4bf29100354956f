/**
 * `deno task load`: puts load on a Wattpost of this machine's trials, as people, programs and open pages do, and says
 * how long answers took, what failed, and whether that is within budget.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { typedPath } from "./lib/command.ts";
import { accountsAt } from "./lib/trial/account.ts";
import { learnPublicUrl } from "./lib/trial/client.ts";
import { judgeLoad } from "./lib/trial/load_allowed.ts";
import { LOAD_HELP, type LoadArguments, readLoadArguments } from "./lib/trial/load_arguments.ts";
import { budgetLines } from "./lib/trial/load_budget.ts";
import { loadReport } from "./lib/trial/load_report.ts";
import { type LoadPlan, planTrouble } from "./lib/trial/load_plan.ts";
import { runLoad } from "./lib/trial/load_run.ts";
import { loadJson, loadText, planText } from "./lib/trial/load_words.ts";

/** Tokens in one file at most. */
const TOKENS_MAX = 200;

/** Open pages unless it is said otherwise. */
const STREAMS = 20;

const TOKENS_CSS = new URL("../static/css/tokens.css", import.meta.url);

async function main(args: readonly string[]): Promise<number> {
  const read = readLoadArguments(args);
  if (!read.ok) {
    if (read.error === null) console.log(LOAD_HELP);
    else console.error(`${read.error}\n\n${LOAD_HELP}`);
    return read.error === null ? 0 : 2;
  }
  const planned = await planOf(read.value);
  if (!planned.ok) {
    console.error(planned.error);
    return 1;
  }
  const plan = planned.value;
  const refused = judgeLoad({ ...plan, named: read.value.named });
  const wrong = refused.ok ? planTrouble(plan) : refused.error;
  if (wrong !== null) {
    console.error(wrong);
    return 2;
  }
  const say = read.value.json ? console.error : console.log;
  say(planText(plan));
  const unwritable = read.value.dryRun ? null : await reportTrouble(read.value);
  if (unwritable !== null) {
    console.error(unwritable);
    return 1;
  }
  return read.value.dryRun ? 0 : await put(plan, read.value, say);
}

async function put(plan: LoadPlan, asked: LoadArguments, say: (words: string) => void): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);
  try {
    const end = await runLoad(plan, { clock: systemClock, stop: stop.signal, onTold: say });
    if (!end.ok) {
      console.error(end.error);
      return 1;
    }
    const budget = budgetLines(end.value.tally, asked);
    console.log(asked.json ? loadJson(end.value, budget) : `\n${loadText(end.value, budget)}`);
    if (asked.report !== null) {
      const path = typedPath(asked.report);
      const tokensCss = await Deno.readTextFile(TOKENS_CSS);
      await Deno.writeTextFile(path, loadReport(end.value, { budget, tokensCss, p95Ms: asked.p95Ms }));
      say(`\nThe report is in ${path}`);
    }
    return budget.every(({ kept }) => kept) ? 0 : 1;
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, onSignal);
  }
}

/** Why the report cannot be written, found before minutes of load; what lies there stays until then. */
async function reportTrouble({ report }: LoadArguments): Promise<string | null> {
  if (report === null) return null;
  try {
    (await Deno.open(typedPath(report), { create: true, append: true })).close();
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `Cannot write the report to "${typedPath(report)}": ${why}`;
  }
}

/** The plan with its files read and the place asked where it is at home; the error: why there is none. */
async function planOf(asked: LoadArguments): Promise<Result<LoadPlan, string>> {
  const { place, accountsFile, tokensFile, caFile } = asked;
  const ca = caFile === null ? ok(null) : await textAt(caFile);
  const accounts = accountsFile === null ? [] : await accountsAt(typedPath(accountsFile));
  const tokens = tokensFile === null ? ok("") : await textAt(tokensFile);
  if (!ca.ok) return ca;
  if (typeof accounts === "string") return err(accounts);
  if (!tokens.ok) return tokens;
  const lines = tokens.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length > TOKENS_MAX) return err(`More than ${TOKENS_MAX} tokens are in ${tokensFile}`);
  const trusts = ca.value === null ? {} : { ca: ca.value };
  const home = asked.publicUrl === null
    ? await learnPublicUrl({ place, clock: systemClock, ...trusts })
    : ok(asked.publicUrl);
  if (!home.ok) return home;
  return ok({
    ...asked,
    publicUrl: home.value,
    ca: ca.value,
    accounts,
    tokens: lines,
    programs: asked.programs ?? lines.length,
    streams: asked.streams ?? (accounts.length === 0 ? 0 : STREAMS),
  });
}

async function textAt(path: string): Promise<Result<string, string>> {
  try {
    return ok(await Deno.readTextFile(typedPath(path)));
  } catch (error) {
    return err(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
