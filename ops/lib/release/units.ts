/**
 * Colours as units of systemd, for hosts without containers: each has a file of settings and
 * the folder of its release.
 *
 * @module
 */

import { appHardening } from "../host/base_units.ts";
import { IDS, PATHS } from "../host/layout.ts";
import { type CommandEnd, type Host, HostError } from "../host/step.ts";
import type { Colour } from "./colour.ts";
import { colourSettingsText } from "./colour_settings.ts";
import type { Deploy } from "./deploy.ts";
import type { Place } from "./place.ts";
import type { ColourFacts, Once, Runner } from "./runner.ts";
import { denoEnvironment, layPackages, ownPackages } from "./packages.ts";
import { copySources, ownSources, takeAway } from "./sources.ts";

/** What the runner works with. */
export interface UnitsOptions {
  readonly on: Host;
  readonly place: Place;
}

const BUILD_MS = 1_800_000;
const STOP_MS = 180_000;
const LAST_LINES = 30;
/** Lies in sources that were built to their end. */
const BUILT = "_fresh/server.js";

/** Makes the runner. */
export function units({ on, place }: UnitsOptions): Runner {
  const systemctl = (...words: readonly string[]) =>
    on.must(["systemctl", "--no-pager", ...words], { deadlineMs: STOP_MS });
  const stop = async (colour: Colour) => void await systemctl("stop", unitOf(colour));
  return {
    kind: "units",
    async troubles() {
      const { code } = await on.run(["systemctl", "--no-pager", "show", "--property=Version"]);
      if (code !== 0) return ["systemd does not answer: containers run releases here"];
      if (place.root !== "") {
        return ["Units belong to the host itself; an installation below a folder has containers"];
      }
      return await on.stat(UNIT_FILE) ? [] : ["There is no wattpost@.service: deno task host apply makes it"];
    },
    refuses: ({ kind }) => Promise.resolve(kind === "image" ? "Units run no image: --run containers" : null),
    async layAside({ origin, ca, release: { sources } }) {
      if (origin.kind !== "folder") return "they are there";
      if (!await on.stat(sources)) await copySources(on, { from: origin.path, to: sources });
      await layPackages(on, { sources, ca });
      return `in ${sources}`;
    },
    make: (deploy) => build(on, deploy),
    discard: ({ sources }) => takeAway(on, place, sources),
    async lacks({ sources }) {
      return await on.stat(`${sources}/${BUILT}`) ? null : `its sources "${sources}" are gone`;
    },
    look: (colour) => look(on, place, colour),
    async start(colour, release) {
      const facts = await look(on, place, colour);
      if (facts.status === "running" && facts.release === release.name) return;
      await tell(on, place, { colour, release });
      await on.run(["systemctl", "--no-pager", "reset-failed", unitOf(colour)]);
      await systemctl("restart", unitOf(colour));
    },
    stop,
    async remove(colour) {
      await stop(colour);
      await systemctl("disable", unitOf(colour));
    },
    async keep(colour, notThat) {
      if (colour) await systemctl("enable", unitOf(colour));
      await systemctl("disable", unitOf(notThat));
    },
    async lastWords(colour) {
      const argv = ["journalctl", "--no-pager", "--output=cat", `--lines=${LAST_LINES}`] as const;
      return (await on.run([...argv, `--unit=${unitOf(colour)}`])).out.trim();
    },
    once: (program) => asApp(on, place, program),
    beside: (program) => asApp(on, place, program),
  };
}

const UNIT_FILE = "/etc/systemd/system/wattpost@.service";

function unitOf(colour: Colour): string {
  return `wattpost@${colour}.service`;
}

/** Settings of a colour, and what its unit has besides: the folder of the release, and no other settings than its own. */
async function tell(
  on: Host,
  { paths }: Place,
  { colour, release }: Pick<Deploy, "colour" | "release">,
): Promise<void> {
  const settings = `${paths.config}/${colour}.env`;
  const owner = `root:${IDS.app.name}`;
  await on.write(settings, { text: colourSettingsText(release), mode: 0o640, owner });
  const folder = `/etc/systemd/system/${unitOf(colour)}.d`;
  const path = `${folder}/release.conf`;
  const text = dropInText(settings, release.sources);
  if (await on.read(path) === text) return;
  await on.must(["mkdir", "-p", "-m", "755", "--", folder]);
  await on.write(path, { text, mode: 0o644, owner: "root:root" });
  await on.must(["systemctl", "daemon-reload"]);
}

/** What the unit of a colour has besides. */
function dropInText(settings: string, sources: string): string {
  return `# Made by Wattpost (deno task deploy)
[Service]
WorkingDirectory=${sources}
EnvironmentFile=
EnvironmentFile=${settings}
`;
}

async function build(on: Host, { release: { sources }, ca }: Deploy): Promise<string> {
  if (await on.stat(`${sources}/${BUILT}`)) return "it is built";
  const env = denoEnvironment(ca);
  const config = ["--config", `${sources}/deno.json`] as const;
  await on.must([PATHS.deno, "task", "--quiet", ...config, "build"], { env, deadlineMs: BUILD_MS });
  await ownSources(on, sources);
  await ownPackages(on);
  return "it was built";
}

async function look(on: Host, { paths }: Place, colour: Colour): Promise<ColourFacts> {
  const names = ["ActiveState", "SubState", "NRestarts", "ExecMainStatus"];
  const { out } = await on.must([
    "systemctl",
    "--no-pager",
    "show",
    `--property=${names.join()}`,
    unitOf(colour),
  ]);
  const settings = await on.read(`${paths.config}/${colour}.env`) ?? "";
  return unitFacts(out, /^RELEASE=(.*)$/m.exec(settings)?.[1] ?? "");
}

/** Reads the answer of `systemctl show`. Pure. */
export function unitFacts(shown: string, release: string): ColourFacts {
  const of = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(shown)?.[1] ?? "";
  const [active, sub] = [of("ActiveState"), of("SubState")];
  const restarts = Number(of("NRestarts")) || 0;
  if (release === "") return { status: "absent", release, restarts: 0, exitCode: null };
  if (active === "active") return { status: "running", release, restarts, exitCode: null };
  const exitCode = Number(of("ExecMainStatus")) || 0;
  return { status: sub === "auto-restart" ? "restarting" : "ended", release, restarts, exitCode };
}

/** Runs a program of a release as the app's user, with the settings of its colour. */
async function asApp(
  on: Host,
  place: Place,
  { release, colour, command, deadlineMs }: Once,
): Promise<CommandEnd> {
  await tell(on, place, { colour, release });
  const [file = "", ...args] = command;
  if (file === "") throw new HostError("There is no program to run");
  const socket = `${PATHS.sockets}/${colour}.sock`;
  const rights = ["--allow-env", "--allow-net", "--allow-read", `--allow-write=${PATHS.data},${socket},/tmp`];
  return await on.run([
    "systemd-run",
    ...["--pipe", "--wait", "--quiet", "--collect", `--uid=${IDS.app.name}`, `--gid=${IDS.app.name}`],
    `--property=EnvironmentFile=${place.paths.config}/${colour}.env`,
    ...appHardening().map((setting) => `--property=${setting}`),
    `--working-directory=${release.sources}`,
    `--setenv=LISTEN=unix:${socket}`,
    `--setenv=DENO_DIR=${PATHS.denoDir}`,
    PATHS.deno,
    ...["run", "--cached-only", "--no-check", "--no-prompt", ...rights, `${release.sources}/${file}`],
    ...args,
  ], { deadlineMs });
}
