/**
 * `deno task firewall`: the host's filter, explained rule by rule and changed so that a mistake undoes itself.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { typedPath } from "./lib/command.ts";
import { describedAt } from "./lib/host/described.ts";
import type { HostDescription } from "./lib/host/description.ts";
import { awaitEnding } from "./lib/host/firewall_ask.ts";
import { changeFirewall, firewallDrift, readUfwTexts } from "./lib/host/firewall_change.ts";
import { foreignRules } from "./lib/host/firewall_files.ts";
import { operatorTrouble } from "./lib/host/firewall_proof.ts";
import { thisRestorer } from "./lib/host/firewall_restorer.ts";
import { confirm, restore, rollbackState, USUAL_WITHIN_S, WITHIN_S } from "./lib/host/firewall_rollback.ts";
import { rulesOf } from "./lib/host/firewall_rules.ts";
import { driftText, rulesText } from "./lib/host/firewall_words.ts";
import { PATHS } from "./lib/host/layout.ts";
import { operatorAddressOf } from "./lib/host/preflight_facts.ts";
import type { Host } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";

const HELP = `The host's firewall (UFW). Run it as root on the host.

  deno task firewall plan        every rule with its reason, and what would change
  deno task firewall apply       sets the rules; unless confirmed in time, the former ones come back by themselves
  deno task firewall confirm     keeps what apply set: from a session opened after it, which proves that you get in
  deno task firewall rollback    brings the former rules back at once
  deno task firewall status      what is not as described, rules of others, whether a change waits; exit code 1 where
                                 something is not as described

  --file PATH        the description, if not ${PATHS.description}
  --within SECONDS   how long apply waits, ${WITHIN_S.least} to ${WITHIN_S.most}; ${USUAL_WITHIN_S} unless told
`;

const COMMANDS = ["plan", "apply", "confirm", "rollback", "status"] as const;
type Command = typeof COMMANDS[number];

interface Order {
  readonly command: Command;
  readonly file: string;
  readonly withinS: number;
}

async function obey(order: Order, host: Host): Promise<number> {
  if (Deno.uid() !== 0) {
    console.error("Only root may read and set the firewall: sudo deno task firewall …");
    return 2;
  }
  switch (order.command) {
    case "confirm":
      return await confirmChange(host);
    case "rollback":
      return await rollBack(host);
    case "plan":
    case "apply":
    case "status": {
      const described = await describedAt(host, order.file);
      if (!described.ok) {
        console.error(described.error);
        return 2;
      }
      if (order.command === "plan") return await plan(host, described.value);
      if (order.command === "status") return await status(host, described.value);
      return await apply(host, described.value, order.withinS);
    }
  }
}

/** What it was told; `null`: to say how it is called. */
function readArguments(args: readonly string[]): Result<Order | null, string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { file: { type: "string" }, within: { type: "string" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help || args.length === 0) return ok(null);
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (command === undefined) return err(`There is no "${positionals[0] ?? ""}": ${COMMANDS.join(", ")}`);
  if (positionals.length > 1) return err(`"${positionals[1]}" is not understood`);
  const withinS = Number(values.within ?? USUAL_WITHIN_S);
  if (!Number.isInteger(withinS) || withinS < WITHIN_S.least || withinS > WITHIN_S.most) {
    return err(
      `--within ${values.within} is not between ${WITHIN_S.least} and ${WITHIN_S.most} whole seconds`,
    );
  }
  const file = values.file === undefined ? PATHS.description : typedPath(values.file);
  return ok({ command, file, withinS });
}

async function plan(host: Host, described: HostDescription): Promise<number> {
  console.log(`${rulesText(rulesOf(described))}\n\nWhat would change\n`);
  const drift = await firewallDrift(host, described);
  console.log(driftText(drift));
  return 0;
}

async function status(host: Host, described: HostDescription): Promise<number> {
  const drift = await firewallDrift(host, described);
  console.log(driftText(drift));
  const kept = foreignRules(await readUfwTexts(host) ?? {}).filter(({ stays }) => stays);
  for (const { family, rule, comment } of kept) console.log(`kept rule of ${family}: ${rule} (${comment})`);
  const state = await rollbackState(host);
  if (state.kind === "waiting") {
    console.log(`A change of ${state.former.at} waits to be confirmed within ${state.former.withinS} s`);
  }
  return drift.length === 0 ? 0 : 1;
}

async function apply(host: Host, described: HostDescription, withinS: number): Promise<number> {
  if ((await firewallDrift(host, described)).length === 0) {
    console.log("The firewall is as described: nothing changed");
    return 0;
  }
  const at = new Date(systemClock.nowMs()).toISOString();
  await changeFirewall(host, described, { withinS, at, restorer: thisRestorer() });
  const trouble = await operatorTrouble(host, described, await operatorAddressOf(host));
  if (trouble !== null) console.error(`Warning: ${trouble}`);
  const terminal = Deno.stdin.isTerminal();
  console.log(
    `The firewall is set. Open another SSH session now; if you get in, ${
      terminal ? "type yes here or " : ""
    }` +
      `run \`deno task firewall confirm\` there within ${withinS} s`,
  );
  const ending = await awaitEnding(host, { withinS, terminal });
  console.log(ending === "confirmed" ? "Confirmed" : "Not confirmed in time: the former firewall is back");
  return ending === "confirmed" ? 0 : 1;
}

async function confirmChange(host: Host): Promise<number> {
  const kept = await confirm(host);
  console.log(kept ? "Confirmed: the firewall stays as it is" : "No change waits to be confirmed");
  return kept ? 0 : 1;
}

async function rollBack(host: Host): Promise<number> {
  const back = await restore(host, { boot: false });
  console.log(back ? "The former firewall is back" : "No change waits: there is nothing to bring back");
  return back ? 0 : 1;
}

if (import.meta.main) Deno.exit(await runTask(Deno.args, { help: HELP, read: readArguments, run: obey }));
