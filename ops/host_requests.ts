/**
 * `deno task host-requests`: does what the app asks of this host, and tells the app how the host stands. Started by
 * systemd when the app asks, and each minute. What is asked for may be asked for again and again: it is done once.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { systemClock } from "../lib/clock.ts";
import { err, ok, type Result } from "../lib/result.ts";
import { BackupError } from "./lib/backup/backup_error.ts";
import { tell } from "./lib/backup/tell.ts";
import { describedAt } from "./lib/host/described.ts";
import { HOST_FILES, IDS, PATHS, REQUEST_FILES } from "./lib/host/layout.ts";
import { type Reader, workOnBans } from "./lib/host/requests.ts";
import { type Host, HostError } from "./lib/host/step.ts";
import { runTask } from "./lib/host/task.ts";
import { syncPeers, VPN_PLACE } from "./lib/host/vpn_sync.ts";

const HELP =
  `Does what the app asks of this host, and tells the app how it stands. Run it as root; systemd does so.

  deno task host-requests

  --requests PATH   folder with what is asked, if not ${PATHS.requests}
  --host PATH       folder for what is told, if not ${PATHS.host}
  --as ID           number of the app's user, if not ${IDS.app.id}
  --socket PATH     where fail2ban listens, if not where the distribution has it
`;

interface Asked {
  readonly requests: string;
  readonly host: string;
  readonly reader: Reader;
  readonly socket: string | null;
}

async function doAsked(asked: Asked, machine: Host): Promise<number> {
  const done: boolean[] = [];
  for (const work of [bans, vpn, backups]) done.push(await tried(() => work(machine, asked)));
  return done.every((well) => well) ? 0 : 1;
}

/** One of them that does not work keeps none of the others from being done. */
async function tried(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HostError || error instanceof BackupError)) throw error;
    console.error(error.message);
    return false;
  }
}

async function bans(machine: Host, { requests, host, reader, socket }: Asked): Promise<boolean> {
  const { list, said, failed } = await workOnBans({
    client: { run: machine.run, socket },
    requests: `${requests}/${REQUEST_FILES.unban}`,
    nowMs: systemClock.nowMs,
    reader,
  });
  for (const line of said) console.log(line);
  await machine.write(`${host}/${HOST_FILES.bans}`, { text: list, mode: 0o640, owner: `root:${reader.id}` });
  return !failed;
}

/** Admits the routers that the app names to the VPN, where the host has one. */
async function vpn(machine: Host, { requests, host, reader }: Asked): Promise<boolean> {
  if (await machine.stat(PATHS.description) === null) return true;
  const described = await describedAt(machine);
  if (!described.ok) {
    console.error(described.error);
    return false;
  }
  const { refused } = await syncPeers(machine, {
    vpn: described.value.vpn,
    nowMs: systemClock.nowMs(),
    place: {
      ...VPN_PLACE,
      asked: `${requests}/${REQUEST_FILES.peers}`,
      told: `${host}/${HOST_FILES.vpn}`,
      reader,
    },
  });
  if (refused !== null) console.error(`Routers of the VPN are as before: ${refused}`);
  return refused === null;
}

/** Tells how backups stand, where the host makes some: a deploy and an operator make them too. */
async function backups(machine: Host, { host, reader }: Asked): Promise<boolean> {
  if (await machine.stat(PATHS.backupPlan) === null) return true;
  const telling = { backups: PATHS.backups, host, readerId: reader.id, remote: undefined };
  await tell(machine, { ...telling, nowMs: systemClock.nowMs() });
  return true;
}

/** What it was told; `null`: to say how it is called. */
function readArguments(args: readonly string[]): Result<Asked | null, string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string", default: PATHS.requests },
      host: { type: "string", default: PATHS.host },
      as: { type: "string", default: String(IDS.app.id) },
      socket: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return ok(null);
  const id = /^\d{1,9}$/.test(values.as) ? Number(values.as) : 0;
  if (id === 0) return err(`Expected the number of a user who is not root, and not "${values.as}"`);
  return ok({ requests: values.requests, host: values.host, reader: { id }, socket: values.socket ?? null });
}

if (import.meta.main) Deno.exit(await runTask(Deno.args, { help: HELP, read: readArguments, run: doAsked }));
