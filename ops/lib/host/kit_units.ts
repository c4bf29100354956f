/**
 * Units of systemd that are enabled and run, or not. How a unit was before is kept and comes back.
 *
 * @module
 */

import { commandText } from "./kit_reactions.ts";
import { type Host, HostError, type Part, type Reaction } from "./step.ts";

/** Reads the unit files anew: for the `then` of a unit's file. */
export const DAEMON_RELOAD: Reaction = {
  name: "systemd reads its units",
  argv: ["systemctl", "daemon-reload"],
};

/** Longest a unit may take to start or stop, in ms. */
const START_MS = 5 * 60_000;

/** How a unit is. */
interface UnitState {
  /** Words of `systemctl is-enabled`; `not-found`: there is none. */
  readonly enabled: string;
  readonly active: boolean;
}

const ON = ["enabled", "enabled-runtime", "static", "indirect", "alias", "generated", "linked", "transient"];
const OFF = [
  "disabled",
  "masked",
  "masked-runtime",
  "static",
  "indirect",
  "generated",
  "not-found",
  "transient",
];

/** A systemd unit that is enabled and runs (or not). */
export function unit(
  part: { readonly name: string; readonly enabled: boolean; readonly active: boolean },
): Part {
  const { name } = part;
  return {
    keeps: [unitName(name)],
    async check(on) {
      const state = await stateOf(on, name);
      if (fits(state, part)) return [];
      const expected = `${part.enabled ? "enabled" : "disabled"}, ${part.active ? "active" : "inactive"}`;
      const does = commandsFor(name, part, state).map(commandText);
      return [{ what: `unit ${name}`, is: stateText(state), expected, does }];
    },
    async apply(on) {
      await on.must(["systemctl", "daemon-reload"]);
      const state = await stateOf(on, name);
      await on.kept.set(unitName(name), state, { once: true });
      for (const command of commandsFor(name, part, state)) await control(on, name, command);
    },
    undo: (on) => undoUnit(on, name),
  };
}

/** The name under which a unit is kept. */
export function unitName(name: string): string {
  return `unit ${name}`;
}

/** Gives a unit back the state it had before. */
export async function undoUnit(on: Host, name: string): Promise<void> {
  const before = await on.kept.get(unitName(name)) as UnitState | undefined;
  if (before === undefined) return;
  await on.must(["systemctl", "daemon-reload"]);
  const now = await stateOf(on, name);
  if (now.enabled !== "not-found") {
    const wanted = { enabled: ON.includes(before.enabled), active: before.active };
    for (const command of commandsFor(name, wanted, now)) await control(on, name, command);
    if (before.enabled.startsWith("masked")) await control(on, name, ["systemctl", "mask", name]);
  }
  await on.kept.remove(unitName(name));
}

function fits(state: UnitState, wanted: { readonly enabled: boolean; readonly active: boolean }): boolean {
  return (wanted.enabled ? ON : OFF).includes(state.enabled) && state.active === wanted.active;
}

type Command = readonly [string, ...string[]];

function commandsFor(
  name: string,
  wanted: { readonly enabled: boolean; readonly active: boolean },
  state: UnitState,
): readonly Command[] {
  const masked = state.enabled.startsWith("masked") && (wanted.enabled || wanted.active);
  const enabled = masked ? "disabled" : state.enabled;
  const commands: Command[] = [];
  if (masked) commands.push(["systemctl", "unmask", name]);
  if (wanted.enabled && !ON.includes(enabled)) commands.push(["systemctl", "enable", name]);
  if (!wanted.enabled && !OFF.includes(enabled)) commands.push(["systemctl", "disable", name]);
  if (wanted.active && !state.active) {
    commands.push(["systemctl", "reset-failed", name], ["systemctl", "start", name]);
  }
  if (!wanted.active && state.active) commands.push(["systemctl", "stop", name]);
  return commands;
}

async function control(on: Host, name: string, command: Command): Promise<void> {
  const { code, out, err } = await on.run(command, { deadlineMs: START_MS });
  if (code === 0 || command[1] === "reset-failed") return;
  const journal = await on.run(["journalctl", "-u", name, "-n", "5", "--no-pager", "-o", "cat"]);
  const words = [`${out}${err}`.trim().split("\n")[0] ?? "", journal.out.trim()].filter((text) =>
    text !== ""
  );
  throw new HostError(`${commandText(command)} failed: ${words.join("\n")}`);
}

async function stateOf(on: Host, name: string): Promise<UnitState> {
  const enabled = await on.run(["systemctl", "is-enabled", name]);
  const active = (await on.run(["systemctl", "is-active", name])).out.trim();
  const word = enabled.out.trim().split("\n").at(-1) ?? "";
  return { enabled: word === "" ? "not-found" : word, active: active === "active" || active === "reloading" };
}

function stateText({ enabled, active }: UnitState): string {
  return enabled === "not-found" ? "missing" : `${enabled}, ${active ? "active" : "inactive"}`;
}
