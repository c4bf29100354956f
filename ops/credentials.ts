/**
 * `deno task credentials`: lists the secrets of this host without showing them, and sets one from standard input.
 *
 * @module
 */

import { systemClock } from "../lib/clock.ts";
import {
  CREDENTIAL_NAMES,
  type CredentialFile,
  credentialRefusal,
  credentialTrouble,
  formatCredentials,
  type RunSystemctl,
  tellApp,
} from "./lib/credentials.ts";
import { PATHS } from "./lib/host/layout.ts";
import { openMachine } from "./lib/host/machine.ts";
import { type Host, HostError } from "./lib/host/step.ts";
import { PRODUCTION } from "./lib/release/place.ts";
import { tellContainers } from "./lib/tell_containers.ts";

const HELP = `deno task credentials list
deno task credentials set NAME < FILE
deno task credentials remove NAME

list says which secrets lie in ${PATHS.credentials}, how old they are and who may read them; never what they are.
set reads the secret from standard input, where it is typed unseen at a terminal, and tells the app to read it.
remove takes one away and tells the app.

NAME is one of ${CREDENTIAL_NAMES.join(", ")}.

Exit code: 0 done, 1 something is wrong with a file or could not be done, 2 wrong arguments or no value.`;

/** Mode of a credential: root's, readable for the app's group. */
const MODE = 0o640;

/** What the commands work with. */
interface Desk {
  readonly on: Host;
  readonly folder: string;
}

async function list({ on, folder }: Desk): Promise<number> {
  const files: CredentialFile[] = [];
  for (const { name } of [...Deno.readDirSync(folder)].slice(0, 1_000)) {
    const path = `${folder}/${name}`;
    const facts = await on.stat(path);
    if (!facts) continue;
    const { mode, owner, kind } = facts;
    const changedMs = (await Deno.lstat(path)).mtime?.getTime() ?? 0;
    files.push({ name, mode, owner, changedMs, trouble: credentialTrouble({ name, kind, mode }) });
  }
  files.sort((one, other) => one.name < other.name ? -1 : 1);
  for (const line of formatCredentials(files, systemClock.nowMs())) console.log(line);
  return files.some(({ trouble }) => trouble !== null) ? 1 : 0;
}

async function set(desk: Desk, name: string): Promise<number> {
  const { on, folder } = desk;
  const wrongName = CREDENTIAL_NAMES.includes(name) ? null : credentialRefusal(name, "");
  const text = wrongName === null ? await readSecretText(name) : "";
  const refusal = wrongName ?? credentialRefusal(name, text);
  if (refusal !== null) {
    console.error(refusal);
    return 2;
  }
  const place = await on.stat(folder);
  if (place?.kind !== "folder" || (place.mode & 0o007) !== 0) {
    console.error(`${folder} is no folder that is closed to others: run deno task host apply first`);
    return 1;
  }
  // The folder's group is the app's.
  await on.write(`${folder}/${name}`, { text: `${text.trim()}\n`, mode: MODE, owner: place.owner });
  console.log(`Set ${name}`);
  return await tell();
}

async function remove(desk: Desk, name: string): Promise<number> {
  const path = `${desk.folder}/${name}`;
  if (!CREDENTIAL_NAMES.includes(name) || await desk.on.stat(path) === null) {
    console.error(`There is no ${name} in ${desk.folder}`);
    return 2;
  }
  await Deno.remove(path);
  console.log(`Removed ${name}`);
  return await tell();
}

async function tell(): Promise<number> {
  const units = await tellApp((args) => run("systemctl", args));
  const containers = await tellContainers((args) => run("docker", args), PRODUCTION.name);
  const told = [...units.told, ...containers.told];
  if (told.length > 0) console.log(`Told ${told.join(", ")}: its log says what it took over`);
  for (const unit of units.failed) console.error(`Could not tell ${unit}: systemctl reload ${unit}`);
  for (const colour of containers.failed) {
    console.error(`Could not tell the container of ${colour}: docker kill --signal HUP and its id`);
  }
  const failed = units.failed.length + containers.failed.length;
  if (told.length + failed === 0) {
    console.log("No wattpost@ service and no colour in a container runs here: it is read at the next start");
  }
  return failed > 0 ? 1 : 0;
}

const run = async (program: string, args: readonly string[]): ReturnType<RunSystemctl> => {
  try {
    const command = new Deno.Command(program, { args: [...args], stdin: "null" });
    const { code, stdout, stderr } = await command.output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, out: out ?? "", err: err ?? "" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { code: 127, out: "", err: `There is no ${program}` };
    throw error;
  }
};

/** What stands on standard input; at a terminal it is typed unseen. */
async function readSecretText(name: string): Promise<string> {
  if (!Deno.stdin.isTerminal()) return await new Response(Deno.stdin.readable).text();
  console.log(`Type or paste ${name}, it is not shown; Enter ends it`);
  Deno.stdin.setRaw(true);
  try {
    return await readTyped();
  } finally {
    Deno.stdin.setRaw(false);
  }
}

const ENTER = new Set([0x0a, 0x0d, 0x04]);
const CTRL_C = 0x03;
const BACKSPACE = new Set([0x08, 0x7f]);
const TYPED_MAX = 65_536;

async function readTyped(): Promise<string> {
  const bytes: number[] = [];
  const part = new Uint8Array(1_024);
  while (bytes.length < TYPED_MAX) {
    const length = await Deno.stdin.read(part);
    if (length === null) break;
    for (const byte of part.subarray(0, length)) {
      if (byte === CTRL_C) return "";
      if (ENTER.has(byte)) return new TextDecoder().decode(new Uint8Array(bytes));
      if (BACKSPACE.has(byte)) bytes.pop();
      else bytes.push(byte);
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

async function main(): Promise<number> {
  const [command, name, ...more] = Deno.args;
  if (command === "--help") {
    console.log(HELP);
    return 0;
  }
  const desk = { on: openMachine(PATHS.state), folder: PATHS.credentials };
  const isList = command === "list" && name === undefined;
  const acts = (command === "set" || command === "remove") && name !== undefined && more.length === 0;
  if (!isList && !acts) {
    console.error(
      `Not understood: ${Deno.args.length === 0 ? "nothing was asked for" : Deno.args[0]}\n\n${HELP}`,
    );
    return 2;
  }
  try {
    if (isList) return await list(desk);
    return await (command === "set" ? set : remove)(desk, name ?? "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      console.error(`There is no ${desk.folder}: run deno task host apply first`);
    } else if (error instanceof Deno.errors.PermissionDenied) {
      console.error(`Only root may: sudo deno task credentials ${command}`);
    } else if (error instanceof HostError) console.error(error.message);
    else throw error;
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
