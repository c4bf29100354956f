/**
 * `deno task scan`: looks for what is not as safe as it should be on this host, from outside and from within. Findings
 * are held against a list of what is accepted for a reason and a time; what could not look is never a pass.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { formatScanReport, readAcceptances } from "../lib/domain/scan.ts";
import { askAdvisories, SERVICE } from "./advisories.ts";
import { typedPath } from "./lib/command.ts";
import { describedAt } from "./lib/host/described.ts";
import type { HostDescription } from "./lib/host/description.ts";
import { HOST_FILES, IDS, PATHS } from "./lib/host/layout.ts";
import { openMachine } from "./lib/host/machine.ts";
import { type Host, HostError } from "./lib/host/step.ts";
import type { Check, ScanContext, ScanTarget } from "./lib/scan/check.ts";
import { allChecks } from "./lib/scan/checks.ts";
import { exitOf, runChecks, SCAN_EXITS, scanText } from "./lib/scan/run.ts";

const PROJECT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");

const CHECKS = allChecks((packages) => askAdvisories({ service: SERVICE }, packages));

/** How it is called. */
const SCAN_HELP = `deno task scan [--only NAME]... [--json]

Looks for what is not as safe as it should be on this host. Run it as root, for sshd and the units.

  --only NAME         one check, again for more:
${CHECKS.map(({ name, about }) => `                      ${name.padEnd(11)} ${about}`).join("\n")}
  --json              print the report as JSON
  --accept-file PATH  what is accepted, if not ops/scan_accepted.json
  --target HOST:PORT  what is looked at from outside, if not the described domain and 443
  --address ADDRESS   connect there in place of what the name resolves to
  --ca-file PATH      certificate of the authority to be trusted at the target, such as that of a trial
  --cookie-file PATH  a file with name=value of the cookie of somebody signed in who may change nothing
  --web-url URL       where the pages are attacked, if not at the target
  --web-seconds N     longest scan of the pages, 10 to 7200; 300 unless told
  --to PATH           where the report goes for the page, if not ${PATHS.host}/${HOST_FILES.scan}

Exit code 0: all looked, nothing is open; 1: something is, or its acceptance is over; 2: wrong arguments or list;
3: nothing is open, but not all could look, which is no pass.`;

interface Asked {
  readonly only: readonly string[];
  readonly json: boolean;
  readonly acceptFile: string;
  readonly target: ScanTarget | null;
  readonly address: string | null;
  readonly caFile: string | null;
  readonly cookieFile: string | null;
  readonly webUrl: string | null;
  readonly webSeconds: number;
  readonly to: string | null;
}

async function main(args: readonly string[]): Promise<number> {
  const asked = readArguments(args);
  if (asked === null) {
    console.log(SCAN_HELP);
    return SCAN_EXITS.clean;
  }
  if (typeof asked === "string") {
    console.error(`${asked}\n\n${SCAN_HELP}`);
    return SCAN_EXITS.wrong;
  }
  const acceptances = readAcceptances(await textAt(asked.acceptFile) ?? "");
  if (!acceptances.ok) {
    console.error(`Cannot read what is accepted in "${asked.acceptFile}": ${acceptances.error}`);
    return SCAN_EXITS.wrong;
  }
  const machine = openMachine(PATHS.state);
  const scratch = await Deno.makeTempDir({ prefix: "wattpost-scan-" });
  try {
    const scanned = await runChecks(chosen(asked.only), {
      context: await contextOf(machine, asked, scratch),
      acceptances: acceptances.value,
      monotonicMs: systemClock.monotonicMs,
      onCheck: ({ name, about }) => console.error(`${name}: ${about}`),
    });
    const text = formatScanReport(scanned.report);
    console.log(asked.json ? text.trimEnd() : scanText(scanned));
    await tell(machine, asked, text);
    return exitOf(scanned.report);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** The page shows whole scans; one of a few checks would hide what the others found. */
async function tell(machine: Host, { only, to }: Asked, text: string): Promise<void> {
  if (to !== null) return await machine.write(to, { text, mode: 0o640, owner: "root:root" });
  if (only.length > 0 || await machine.stat(PATHS.host) === null) return;
  const owner = `root:${IDS.app.name}`;
  await machine.write(`${PATHS.host}/${HOST_FILES.scan}`, { text, mode: 0o640, owner });
}

function chosen(only: readonly string[]): readonly Check[] {
  return only.length === 0 ? CHECKS : CHECKS.filter(({ name }) => only.includes(name));
}

async function contextOf({ run, read }: Host, asked: Asked, scratch: string): Promise<ScanContext> {
  const described = await describedNow(read);
  const usual = described && { host: described.domain, port: 443, address: null };
  const target = asked.target ?? usual;
  const { address, caFile, cookieFile, webUrl, webSeconds } = asked;
  return {
    run,
    read: (path) => textAt(path),
    list: namesIn,
    project: PROJECT,
    scratch,
    described,
    target: target && { ...target, address },
    cookie: cookieFile === null ? null : await textAt(cookieFile),
    caFile,
    webUrl,
    webSeconds,
    nowMs: systemClock.nowMs(),
  };
}

/** The description that was applied last; `null`: there is none, or we may not read it. */
async function describedNow(read: Host["read"]): Promise<HostDescription | null> {
  const described = await describedAt({ read: (path) => read(path).catch(refusedAsNone) });
  return described.ok ? described.value : null;
}

function refusedAsNone(error: unknown): null {
  if (error instanceof HostError) return null;
  throw error;
}

/** Text of a file; `null`: there is none, it is no text, or we may not. */
async function textAt(path: string): Promise<string | null> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch {
    return null;
  }
}

/** Names in a folder, of folders with a slash at the end. */
async function namesIn(path: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { name, isDirectory, isSymlink } of Deno.readDir(path)) {
      if (!isSymlink) names.push(isDirectory ? `${name}/` : name);
    }
    return names;
  } catch {
    return [];
  }
}

/** What it was told; `null`: to say how it is called; a text: what is wrong. */
function readArguments(args: readonly string[]): Asked | string | null {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true, default: [] },
        json: { type: "boolean", default: false },
        "accept-file": { type: "string" },
        target: { type: "string" },
        address: { type: "string" },
        "ca-file": { type: "string" },
        "cookie-file": { type: "string" },
        "web-url": { type: "string" },
        "web-seconds": { type: "string", default: "300" },
        to: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return null;
  const pathOf = (path: string | undefined) => path === undefined ? null : typedPath(path);
  const unknown = values.only.find((name) => !CHECKS.some((check) => check.name === name));
  if (unknown !== undefined) return `There is no check "${unknown}"`;
  const target = values.target === undefined ? null : targetOf(values.target);
  if (values.target !== undefined && target === null) {
    return `Expected a host and a port, such as energy.example.com:443, and not "${values.target}"`;
  }
  if (values.address !== undefined && !/^[0-9a-fA-F.:]{2,45}$/.test(values.address)) {
    return `Expected an address, such as 192.0.2.7, and not "${values.address}"`;
  }
  const webSeconds = Number(values["web-seconds"]);
  if (!Number.isInteger(webSeconds) || webSeconds < 10 || webSeconds > 7_200) {
    return `Expected 10 to 7200 seconds, and not "${values["web-seconds"]}"`;
  }
  const webUrl = URL.parse(values["web-url"] ?? "")?.href ?? null;
  if (values["web-url"] !== undefined && !/^https?:\/\/[^@?#]+\/$/.test(webUrl ?? "")) {
    return `Expected the address of a page, such as https://energy.example.com/, and not "${
      values["web-url"]
    }"`;
  }
  return {
    only: values.only,
    json: values.json,
    acceptFile: pathOf(values["accept-file"]) ?? `${PROJECT}/ops/scan_accepted.json`,
    target,
    address: values.address ?? null,
    caFile: pathOf(values["ca-file"]),
    cookieFile: pathOf(values["cookie-file"]),
    webUrl,
    webSeconds,
    to: pathOf(values.to),
  };
}

function targetOf(text: string): ScanTarget | null {
  const [, host, digits] = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return host === undefined || port < 1 || port > 65_535 ? null : { host, port, address: null };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
