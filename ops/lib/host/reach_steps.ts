/**
 * SSH that moves to another port, or administrators that move to another network, keep a way in at every moment: an
 * active firewall lets them in at the new place before sshd leaves the old one. The firewall's own step closes what is
 * no longer described, once all stands.
 *
 * @module
 */

import { OUR_COMMENT } from "./firewall_texts.ts";
import { step } from "./kit.ts";
import { commandText } from "./kit_reactions.ts";
import { readWaysIn } from "./preflight_read.ts";
import type { Host, Part, StepMaker } from "./step.ts";

const KEPT_AS = "ssh way in";
const COMMENT = `${OUR_COMMENT}ssh`;
const UFW_MS = 60_000;

/** The step, before everything that moves SSH. */
export const reachSteps: StepMaker = ({ adminNetworks, ssh }) => [
  step(
    "ssh: a way in while it moves",
    "Nobody is shut out between the move of sshd and that of the firewall",
    [
      wayIn(
        adminNetworks.map((
          network,
        ) => ["from", bare(network), "to", "any", "port", String(ssh.port), "proto", "tcp"]),
      ),
    ],
  ),
];

/** A network as UFW shows it: a single address without its length. */
function bare(network: string): string {
  return network.replace(network.includes(":") ? /\/128$/ : /\/32$/, "");
}

type Rule = readonly string[];

function wayIn(rules: readonly Rule[]): Part {
  const shut = async (on: Host) => {
    const added = await addedRules(on);
    return added === null ? [] : rules.filter((rule) => !added.includes(ruleText(rule)));
  };
  return {
    keeps: [KEPT_AS],
    async check(on) {
      return (await shut(on)).map((rule) => ({
        what: `way in ${ruleText(rule)}`,
        is: "shut by UFW",
        expected: "open before sshd is there",
        does: [commandText(limit(rule))],
      }));
    },
    async apply(on) {
      for (const rule of await shut(on)) {
        const kept = await keptRules(on);
        if (!kept.includes(ruleText(rule))) await on.kept.set(KEPT_AS, [...kept, ruleText(rule)]);
        await on.must(limit(rule), { deadlineMs: UFW_MS });
      }
    },
    async undo(on) {
      const added = await addedRules(on) ?? [];
      for (const rule of await keptRules(on)) {
        const command = ["ufw", "--force", "delete", "limit", ...rule.split(" ")] as const;
        if (added.includes(rule)) await on.must(command, { deadlineMs: UFW_MS });
      }
      await on.kept.remove(KEPT_AS);
    },
  };
}

function limit(rule: Rule): readonly [string, ...string[]] {
  return ["ufw", "limit", ...rule, "comment", COMMENT];
}

/** What an active UFW lets in, without how often and why; `null`: it is not there, or lets everything in. */
async function addedRules(on: Host): Promise<readonly string[] | null> {
  const status = await on.run(["ufw", "status"], { deadlineMs: UFW_MS });
  if (status.code !== 0 || !/^Status: active/m.test(status.out)) return null;
  return readWaysIn((await on.run(["ufw", "show", "added"], { deadlineMs: UFW_MS })).out);
}

function ruleText(rule: Rule): string {
  return rule.join(" ");
}

async function keptRules(on: Host): Promise<readonly string[]> {
  const kept = await on.kept.get(KEPT_AS);
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
}
