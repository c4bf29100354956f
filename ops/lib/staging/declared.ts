/**
 * In what staging differs from production, setting by setting with the reason, and what was found to differ beyond
 * that. Whatever is not declared here is to be the same, or a rehearsal proves nothing. Pure.
 *
 * @module
 */

import { SECRET_VARIABLES } from "../../../lib/config.ts";

/** Settings by name. */
export type Settings = Readonly<Record<string, string>>;

/** A setting that differs on purpose. */
interface Declared {
  readonly name: string;
  /** Its value in staging; `null`: it has none there. */
  readonly value: string | null;
  readonly why: string;
}

/** Where people reach staging, once it is led to them. */
export const STAGING_URL = "http://127.0.0.1:8001";

/** Settings that differ. */
const OWN: readonly Declared[] = [
  { name: "PUBLIC_URL", value: STAGING_URL, why: "it is reached by whoever has been let onto the host" },
  { name: "LOOPBACK_SITES", value: "on", why: "sites of a copy have addresses of its own machine" },
  { name: "DATABASE_URL", value: null, why: "it has a database of its own, embedded in its data" },
  { name: "DATABASE_URL_FILE", value: null, why: "it has a database of its own, embedded in its data" },
  { name: "DENO_KV_URL", value: null, why: "it has sessions of its own" },
  { name: "SECURITY_CONTACT", value: null, why: "nobody reports a weakness of staging" },
];

/** Secrets that somebody put among the settings, or where they lie: staging makes its own, or has none. */
const SECRETS = [...SECRET_VARIABLES.flatMap(({ name }) => [name, `${name}_FILE`]), "DENO_KV_ACCESS_TOKEN"]
  .filter((name) => !OWN.some((one) => one.name === name))
  .map((name): Declared => ({ name, value: null, why: "a secret of production stays there" }));

/** Everything that differs on purpose. */
const DECLARED: readonly Declared[] = [...OWN, ...SECRETS];

/** A thing that was compared. */
export interface DiffLine {
  /** What, such as `PUBLIC_URL` or `compose.yaml`. */
  readonly what: string;
  readonly verdict: "same" | "declared" | "undeclared";
  /** Why it differs, or what is wrong; empty where it is the same. */
  readonly words: string;
}

/** The settings of staging: those of production but for what is declared. */
export function stagingSettings(production: Settings): Settings {
  const kept = Object.entries(production).filter(([name]) => !DECLARED.some((one) => one.name === name));
  const own = DECLARED.flatMap(({ name, value }) => value === null ? [] : [[name, value] as const]);
  return Object.fromEntries([...kept, ...own]);
}

/** Every setting of either side, by name; values are not repeated, as one may be a secret. */
export function diffSettings(production: Settings, staging: Settings): readonly DiffLine[] {
  const names = [...new Set([...Object.keys(production), ...Object.keys(staging)])].sort();
  return names.map((name): DiffLine => {
    const declared = DECLARED.find((one) => one.name === name);
    const is = staging[name];
    if (declared && is !== (declared.value ?? undefined)) {
      return { what: name, verdict: "undeclared", words: "it is not what is declared for staging" };
    }
    if (is === production[name]) return { what: name, verdict: "same", words: "" };
    if (declared) return { what: name, verdict: "declared", words: declared.why };
    const words = is === undefined
      ? "staging lacks it"
      : production[name] === undefined
      ? "production has none"
      : "it differs";
    return { what: name, verdict: "undeclared", words };
  });
}

/** What is to be the same in both: texts by name; `null`: there is none. */
export function diffText(
  what: string,
  { production, staging }: { readonly production: string | null; readonly staging: string | null },
): DiffLine {
  if (production === staging && production !== null) return { what, verdict: "same", words: "" };
  const words = staging === null
    ? "staging has none"
    : production === null
    ? "production has none"
    : "it differs";
  return { what, verdict: "undeclared", words };
}

/** The lines for a terminal, and the sum. */
export function diffTable(lines: readonly DiffLine[]): string {
  const width = Math.max(0, ...lines.map(({ what }) => what.length));
  const word: Readonly<Record<DiffLine["verdict"], string>> = {
    same: "same      ",
    declared: "declared  ",
    undeclared: "UNDECLARED",
  };
  const count = lines.filter(({ verdict }) => verdict === "undeclared").length;
  return [
    ...lines.map(({ what, verdict, words }) => `${word[verdict]}  ${what.padEnd(width)}  ${words}`.trimEnd()),
    "",
    count === 0 ? "Only what is declared differs" : `${count} differ that are not declared`,
  ].join("\n");
}
