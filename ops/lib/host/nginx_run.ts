/**
 * `deno task nginx`: shows the configuration, tries it and compares it with what is installed, and switches the
 * maintenance page.
 *
 * @module
 */

import { describedAt } from "./described.ts";
import type { HostDescription } from "./description.ts";
import { MADE_BY, PATHS } from "./layout.ts";
import { nginxConfig } from "./nginx.ts";
import type { NginxOrder } from "./nginx_arguments.ts";
import { abilitiesOf, type NginxOptions, USUAL_OPTIONS, writtenIn } from "./nginx_options.ts";
import { nginxSteps } from "./nginx_steps.ts";
import { distributionOf } from "./preflight.ts";
import { systemOf } from "./preflight_facts.ts";
import type { Distribution, Drift, Host, HostFacts } from "./step.ts";

/** Lines that are shown of what is done about one thing. */
const SHOWN_LINES = 40;

/** What it works with. */
export interface NginxTools {
  readonly on: Host;
  readonly isRoot: boolean;
  /** A path as it was typed, from where it was typed. */
  readonly typed: (path: string) => string;
  /** Shows what was asked for. */
  readonly print: (line: string) => void;
  /** Shows what went wrong. */
  readonly complain: (line: string) => void;
  /** Gives an empty folder to a function and takes it away afterwards. */
  readonly inFolder: <T>(body: (folder: string) => Promise<T>) => Promise<T>;
}

/** What was printed is why there is no answer. */
interface Refused {
  readonly code: number;
  readonly words: string;
}

/** Does what it was told; the exit code. */
export async function runNginx(order: NginxOrder, tools: NginxTools): Promise<number> {
  const done = await run(order, tools);
  if (typeof done === "number") return done;
  tools.complain(done.words);
  return done.code;
}

async function run(order: NginxOrder, tools: NginxTools): Promise<number | Refused> {
  if (order.command === "maintenance") return await maintenance(order.to, tools);
  if (order.command === "check" && !tools.isRoot) return needsRoot("reads the certificate's key");
  const file = order.file === null ? undefined : tools.typed(order.file);
  const read = await describedAt(tools.on, file);
  if (!read.ok) return { code: 2, words: read.error };
  const described = read.value;
  const wanted = order.command === "print" ? order.distribution : null;
  const distribution = wanted ?? distributionOf(await systemOf(tools.on));
  if (distribution === null) {
    return {
      code: 2,
      words: "This system is not one that is set up: name one with --for, such as --for debian-12",
    };
  }
  if (order.command === "check") return await check(described, distribution, tools);
  tools.print(nginxConfig(described, { distribution }).config.trimEnd());
  return 0;
}

async function check(
  described: HostDescription,
  distribution: Distribution,
  tools: NginxTools,
): Promise<number> {
  const { on, print, complain } = tools;
  const facts: HostFacts = { distribution, operatorAddress: null };
  const refused = await tools.inFolder((folder) => tryText(described, facts, { on, folder }));
  if (refused === null) print("nginx -t takes the configuration");
  else complain(`nginx -t refuses the configuration:\n${indented(refused)}`);
  const odd = await oddVersion(distribution, on);
  if (odd !== null) complain(odd);
  const drift: Drift[] = [];
  for (const step of nginxSteps(described, facts)) drift.push(...await step.check(on));
  for (const { what, is, expected, does } of drift) {
    const shown = does.slice(0, SHOWN_LINES).map((line) => `  ${line}`);
    const left = does.length - shown.length;
    const rest = left > 0 ? [`  … and ${left} more lines: deno task host plan has all of them`] : [];
    complain([`${what} is ${is}, expected ${expected}`, ...shown, ...rest].join("\n"));
  }
  if (drift.length === 0) print("What is installed is as described");
  else {complain(
      `${
        drift.length === 1 ? "1 thing is" : `${drift.length} things are`
      } not as described: deno task host apply`,
    );}
  if (await on.stat(PATHS.maintenance)) print("The maintenance page is on: deno task nginx maintenance off");
  return refused === null && drift.length === 0 ? 0 : 1;
}

/** Has nginx look at the text, with this host's certificate and ports, and logs that are thrown away. */
async function tryText(
  described: HostDescription,
  facts: HostFacts,
  { on, folder }: { readonly on: Host; readonly folder: string },
): Promise<string | null> {
  const { config } = nginxConfig(described, facts, triedIn(folder));
  const file = `${folder}/nginx.conf`;
  await on.write(file, { text: config, mode: 0o600, owner: "root:root" });
  await on.must(["mkdir", `${folder}/temp`]);
  const { code, out, err } = await on.run(["nginx", "-t", "-p", folder, "-c", file]);
  if (code === 0) return null;
  return code === 127 ? "there is no nginx here" : `${out}${err}`.trim().replaceAll(file, "nginx.conf");
}

/** The usual options, but for everything that nginx would write. */
function triedIn(folder: string): NginxOptions {
  return { ...USUAL_OPTIONS, paths: { ...USUAL_OPTIONS.paths, ...writtenIn(folder) } };
}

/** Whether the nginx that is installed knows other directives than the distribution's. */
async function oddVersion(distribution: Distribution, on: Host): Promise<string | null> {
  const { err } = await on.run(["nginx", "-v"]);
  const version = /nginx\/(\d+\.\d+\.\d+)/.exec(err)?.[1];
  if (version === undefined) return null;
  const same =
    JSON.stringify(abilitiesOf(distribution, version)) === JSON.stringify(abilitiesOf(distribution, null));
  return same ? null : `This is nginx ${version}, not ${distribution}'s own: the text is made for that one`;
}

async function maintenance(
  to: "on" | "off" | null,
  { on, isRoot, print }: NginxTools,
): Promise<number | Refused> {
  const isOn = await on.stat(PATHS.maintenance) !== null;
  if (to === null) {
    print(isOn ? "The maintenance page is on" : "The maintenance page is off");
    return 0;
  }
  if (!isRoot) return needsRoot("closes and opens the site");
  const folder = PATHS.maintenance.slice(0, PATHS.maintenance.lastIndexOf("/"));
  if (await on.stat(folder) === null) {
    return { code: 1, words: `This host was not set up: there is no ${folder}. See deno task host --help` };
  }
  if (to === "on") {
    await on.write(PATHS.maintenance, { text: `${MADE_BY}\n`, mode: 0o644, owner: "root:root" });
    print("The maintenance page is on; admin networks see Wattpost as it is. Meters are read on.");
  } else {
    await on.must(["rm", "-f", "--", PATHS.maintenance]);
    print("The maintenance page is off");
  }
  return 0;
}

function needsRoot(why: string): Refused {
  return { code: 1, words: `Only root ${why}: sudo deno task nginx …` };
}

function indented(text: string): string {
  return text.split("\n").map((line) => `  ${line}`).join("\n");
}
