/**
 * Whether the filter that runs is the one that UFW's files describe. UFW loads its files once more, in a network
 * namespace of its own, and what the kernel then says there is compared with what it says here: so both sides are
 * spelt by the same program, and a rule that somebody put past UFW shows.
 *
 * @module
 */

import { FAMILIES, type Family } from "./firewall_rules.ts";
import { type Drift, type Host, HostError } from "./step.ts";

/** What the two programs of a family are called. */
export const IPTABLES = {
  ipv4: { set: "iptables", save: "iptables-save", restore: "iptables-restore" },
  ipv6: { set: "ip6tables", save: "ip6tables-save", restore: "ip6tables-restore" },
} as const;

/** Longest wait for the lock of iptables, in seconds. */
export const LOCK_S = "20";

const UFW_INIT = "/lib/ufw/ufw-init";
const BUILT_IN: readonly string[] = ["INPUT", "OUTPUT", "FORWARD"];

/** The filter of one family: each chain with its policy (`-` for one of its own) and its lines. */
export type Chains = ReadonlyMap<string, { readonly policy: string; readonly lines: readonly string[] }>;

/** How what runs differs from what should. */
export interface Difference {
  /** Lines that are missing, as iptables-save spells them, and policies. */
  readonly missing: readonly string[];
  /** Lines that nobody described. */
  readonly extra: readonly string[];
}

/** The filter that runs. */
async function readRunning(on: Host, family: Family): Promise<string> {
  return (await on.must([IPTABLES[family].save, "-t", "filter"])).out;
}

/** The filters that UFW's files make. */
function readDescribed(on: Host): Promise<Readonly<Record<Family, string>>> {
  return withDescribedRules(on, async ({ run }) => ({
    ipv4: await run([IPTABLES.ipv4.save, "-t", "filter"]),
    ipv6: await run([IPTABLES.ipv6.save, "-t", "filter"]),
  }));
}

/** The chains of a filter as iptables-save writes it. */
export function parseSaved(text: string): Chains {
  const chains = new Map<string, { readonly policy: string; readonly lines: string[] }>();
  for (const line of text.split("\n")) {
    const [, chain = "", policy = ""] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (chain !== "") chains.set(chain, { policy, lines: [] });
    const [, of = ""] = /^-A (\S+) /.exec(line) ?? [];
    chains.get(of)?.lines.push(line);
  }
  return chains;
}

/** Compares the filter that runs with that of UFW's files. Chains of Docker and of others are their own. */
export function compareFilters(described: Chains, running: Chains): Difference {
  const missing: string[] = [];
  const extra: string[] = [];
  for (const [name, want] of described) {
    const is = running.get(name) ?? { policy: "none", lines: [] };
    if (is.policy !== want.policy) missing.push(`:${name} ${want.policy}`);
    const lines = name === "FORWARD" ? is.lines.filter((line) => !isDockers(line)) : is.lines;
    const kept = lines.filter((line) => want.lines.includes(line));
    if (want.lines.join("\n") !== kept.join("\n")) {
      const gone = want.lines.filter((line) => !lines.includes(line));
      // All are there, and only their order or number is another.
      missing.push(...(gone.length > 0 ? gone : want.lines));
    }
    extra.push(...lines.filter((line) => !want.lines.includes(line)));
  }
  const forward = running.get("FORWARD")?.lines ?? [];
  if (forward.some((line) => / DOCKER\b/.test(line)) && forward[0] !== DOCKER_FIRST) {
    missing.push(DOCKER_FIRST);
  }
  return { missing, extra };
}

const DOCKER_FIRST = "-A FORWARD -j DOCKER-USER";

// Docker's lines in FORWARD lead to its own chains, or are about one of its bridges.
function isDockers(line: string): boolean {
  return / -j DOCKER\b/.test(line) || / -[io] (docker|br-|wattpost-br)/.test(line);
}

/** What of the running filter is not as UFW's files say. */
export async function runningDrift(on: Host): Promise<readonly Drift[]> {
  let described: Readonly<Record<Family, string>>;
  try {
    described = await readDescribed(on);
  } catch (error) {
    // What is damaged must not keep apply from mending it.
    if (!(error instanceof HostError)) throw error;
    return [{ what: "UFW's files", is: error.message, expected: "loaded", does: [LOAD_COMMAND] }];
  }
  const found: Drift[] = [];
  for (const family of FAMILIES) {
    const running = await readRunning(on, family);
    const { missing, extra } = compareFilters(parseSaved(described[family]), parseSaved(running));
    if (missing.length + extra.length === 0) continue;
    found.push({
      what: `running rules of ${family === "ipv4" ? "IPv4" : "IPv6"}`,
      is: `${missing.length} lines missing or out of order, ${extra.length} of others`,
      expected: "as UFW's files say",
      does: [...missing.map((line) => `+ ${line}`), ...extra.map((line) => `- ${line}`), LOAD_COMMAND],
    });
  }
  return found;
}

/** Loads UFW's files, and puts right what its reload leaves alone: the lists of the kernel itself. */
export async function loadRules(on: Host): Promise<void> {
  const { code, out, err } = await on.run([UFW_INIT, "force-reload"]);
  if (code !== 0) throw new HostError(`UFW cannot load its rules: ${`${out}\n${err}`.trim()}`);
  const described = await readDescribed(on);
  for (const family of FAMILIES) {
    const want = parseSaved(described[family]);
    const lines = repairLines(want, parseSaved(await readRunning(on, family)));
    if (lines.length > 0) {
      const { restore } = IPTABLES[family];
      // All of it at once, so that there is no moment without a filter.
      const input = `*filter\n${lines.join("\n")}\nCOMMIT\n`;
      await on.must([restore, "--noflush", "-w", LOCK_S], { input });
    }
    const { missing, extra } = compareFilters(want, parseSaved(await readRunning(on, family)));
    if (missing.length + extra.length > 0) {
      const words = [...missing.map((line) => `+ ${line}`), ...extra.map((line) => `- ${line}`)].join("\n");
      throw new HostError(`What runs after UFW loaded its rules is not what they say:\n${words}`);
    }
  }
}

/** Lines for iptables-restore that bring the kernel's own lists back to what UFW and Docker want there. */
export function repairLines(described: Chains, running: Chains): readonly string[] {
  const lines: string[] = [];
  for (const name of BUILT_IN) {
    const want = described.get(name);
    const is = running.get(name);
    if (!want || !is) continue;
    const ours = is.lines.filter((line) => name !== "FORWARD" || !isDockers(line));
    if (ours.join("\n") !== want.lines.join("\n")) {
      lines.push(...ours.map((line) => line.replace("-A ", "-D ")), ...want.lines);
    }
    if (
      name === "FORWARD" && is.lines.some((line) => / DOCKER\b/.test(line)) && is.lines[0] !== DOCKER_FIRST
    ) {
      const stands = is.lines.filter((line) => line === DOCKER_FIRST);
      lines.push(...stands.map((line) => line.replace("-A ", "-D ")), "-I FORWARD -j DOCKER-USER");
    }
  }
  return lines;
}

/** Takes our chains out of the running filter, once UFW's files are loaded without them; Docker's is as it makes it. */
export async function clearChains(on: Host): Promise<void> {
  for (const family of FAMILIES) {
    const chains = parseSaved(await readRunning(on, family));
    const { restore, set } = IPTABLES[family];
    if (chains.has("DOCKER-USER")) {
      const input = "*filter\n:DOCKER-USER - [0:0]\n-A DOCKER-USER -j RETURN\nCOMMIT\n";
      await on.must([restore, "--noflush", "-w", LOCK_S], { input });
    }
    for (const name of [...chains.keys()].filter((name) => name.startsWith("wattpost-"))) {
      await on.must([set, "-w", LOCK_S, "-F", name]);
      await on.must([set, "-w", LOCK_S, "-X", name]);
    }
    if ((chains.get("FORWARD")?.lines ?? []).includes(DOCKER_FIRST)) continue;
    await on.run([set, "-w", LOCK_S, "-F", "DOCKER-USER"]);
    await on.run([set, "-w", LOCK_S, "-X", "DOCKER-USER"]);
  }
}

/** How UFW's files are loaded, as operators read it. */
export const LOAD_COMMAND = `${UFW_INIT} force-reload`;

/** A network namespace with the filter of UFW's files. */
export interface DescribedRules {
  readonly name: string;
  /** Runs a program in it that must succeed; its output. */
  readonly run: (argv: readonly [string, ...string[]]) => Promise<string>;
}

/** Gives a body a network namespace with the filter of UFW's files, and takes it away afterwards. */
export async function withDescribedRules<T>(
  on: Host,
  body: (inside: DescribedRules) => Promise<T>,
): Promise<T> {
  return await withNamespace(on, "rules", async (inside) => {
    await inside.run([UFW_INIT, "start"]);
    return await body(inside);
  });
}

/** Gives a body a network namespace of its own; those that killed runs left behind are taken away first. */
export async function withNamespace<T>(
  on: Host,
  purpose: "rules" | "operator",
  body: (inside: DescribedRules) => Promise<T>,
): Promise<T> {
  const name = `wattpost-${purpose}-${Deno.pid}`;
  const { out } = await on.must(["ip", "netns", "list"]);
  for (const [left = "", pid = ""] of out.matchAll(/^wattpost-(?:rules|operator)-(\d+)/gm)) {
    if (left === name || await on.stat(`/proc/${pid}`) === null) await on.run(["ip", "netns", "del", left]);
  }
  await on.must(["ip", "netns", "add", name]);
  try {
    return await body({
      name,
      run: async (argv) => (await on.must(["ip", "netns", "exec", name, ...argv])).out,
    });
  } finally {
    await on.run(["ip", "netns", "del", name]);
  }
}
