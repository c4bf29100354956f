/**
 * The nightly check of every device: what was stored of its last day is decoded, judged by the rules, compared with
 * what the device said of itself before, and kept as findings. Bounded batches; others come in between; a night that
 * was ended goes on with the devices that are left.
 *
 * @module
 */
import { checkDevice } from "../lib/domain/device_check.ts";
import { identityKindOf, type IdentityRead, isSameSerial } from "../lib/domain/device_identity.ts";
import { closedHalfHourAt, HALF_HOURS_A_DAY, type HalfHour } from "../lib/domain/half_hour.ts";
import type { Log } from "../lib/log.ts";
import { deviceReadsOf, type StoredQuantity } from "../lib/profiles/checked_reads.ts";
import type { DeviceProfile } from "../lib/profiles/profile.ts";
import {
  type CheckedRow,
  type DeviceIdentity,
  type DueChannel,
  type DueDevice,
  listDueDevices,
  noteChecked,
  noteIdentities,
  readIdentities,
  readUnpacked,
} from "../lib/store/checked_devices.ts";
import { type Database, transaction } from "../lib/store/db.ts";
import { type DeviceResult, forgetFindings, saveChecks } from "../lib/store/findings.ts";
import { yieldToLoop } from "../lib/store/sqlite.ts";

/** Finds the register maps of devices, people's own among them. */
export interface CheckProfiles {
  /** The profile; `undefined`: there is none, or it is one of people's own that was not loaded. */
  find(id: string): DeviceProfile | undefined;
  /** Makes sure that those of people's own that exist are found from now on. */
  load(ids: Iterable<string>): Promise<unknown>;
}

/** What the check needs. */
export interface ChecksOptions {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Ends the work between two batches. */
  readonly signal: AbortSignal;
  /** Finds register maps. */
  readonly profiles: CheckProfiles;
  /** Where it says what it did. */
  readonly log: Pick<Log, "info">;
}

/** What was done in a night. */
export interface ChecksResult {
  /** Devices checked. */
  readonly devices: number;
  /** Findings that somebody should look at from now on. */
  readonly opened: number;
  /** Findings whose rule holds again. */
  readonly cleared: number;
}

/** Devices of one batch: what is found of them is kept together. */
const DEVICES_A_BATCH = 10;

/** Hours after which a device is due again: a night that is repeated checks what it left out, and nothing twice. */
const AGAIN_HOURS = 12;

/** Rounds of forgetting in one night at most. */
const FORGETTING_TURNS = 20;

/** Checks every device that was not checked tonight. Repeatable; when it is ended early the next run goes on. */
export async function checkDevices(db: Database, options: ChecksOptions): Promise<ChecksResult> {
  const { nowMs, signal, log } = options;
  const startMs = db.clock.monotonicMs();
  const to = closedHalfHourAt(nowMs) + 1;
  const due = { checkedBeforeMs: nowMs - AGAIN_HOURS * 3_600_000, halfHour: to - 1, limit: DEVICES_A_BATCH };
  let [devices, opened, cleared] = [0, 0, 0];
  for (let after = 0; !signal.aborted;) {
    const batch = await listDueDevices(db, { ...due, after });
    const last = batch.at(-1);
    if (last === undefined) break;
    const saved = await checkBatch(db, { batch, to, options });
    devices += saved.devices;
    opened += saved.opened;
    cleared += saved.cleared;
    after = last.meterId;
    await db.clock.sleep(0, signal);
  }
  for (let turn = 0; turn < FORGETTING_TURNS && !signal.aborted; turn++) {
    if (await forgetFindings(db, nowMs) === 0) break;
  }
  const tookMs = Math.round(db.clock.monotonicMs() - startMs);
  log.info("Devices checked", { devices, opened, cleared, tookMs, stopped: signal.aborted });
  return { devices, opened, cleared };
}

interface Batch {
  readonly batch: readonly DueDevice[];
  readonly to: HalfHour;
  readonly options: ChecksOptions;
}

/** Checks devices one after another and keeps what was found of all of them, or of none. */
async function checkBatch(db: Database, { batch, to, options }: Batch) {
  const { profiles, nowMs, signal } = options;
  await profiles.load(batch.map(({ profileId }) => profileId));
  const identitiesOf = Map.groupBy(
    await readIdentities(db, batch.map(({ meterId }) => meterId)),
    ({ meterId }) => meterId,
  );
  const checked: number[] = [];
  const results: DeviceResult[] = [];
  const identities: DeviceIdentity[] = [];
  for (const device of batch) {
    if (signal.aborted) break;
    checked.push(device.meterId);
    const profile = profiles.find(device.profileId);
    if (!profile) continue;
    const rows = await readUnpacked(db, { channels: device.channels, from: to - HALF_HOURS_A_DAY, to });
    const byChannel = Map.groupBy(rows, ({ channelId }) => channelId);
    const input = { device, profile, byChannel, known: identitiesOf.get(device.meterId) ?? [], nowMs };
    const identity = identityOf(input);
    results.push({ meterId: device.meterId, ...checkOne(input, identity) });
    identities.push(...notedOf(input, identity));
    await yieldToLoop();
  }
  const saved = await transaction(db, async (tx) => {
    const changed = await saveChecks(tx, results, nowMs);
    await noteIdentities(tx, identities, nowMs);
    await noteChecked(tx, checked, nowMs);
    return changed;
  });
  return { ...saved, devices: checked.length };
}

interface OneDevice {
  readonly device: DueDevice;
  readonly profile: DeviceProfile;
  readonly byChannel: ReadonlyMap<number, readonly CheckedRow[]>;
  readonly known: readonly DeviceIdentity[];
  readonly nowMs: number;
}

function checkOne({ device, profile, byChannel }: OneDevice, identity: readonly IdentityRead[]) {
  const { transformer } = device;
  const stored = device.channels.flatMap(({ id, quantity }) =>
    (byChannel.get(id) ?? []).map((row) => storedOf(row, quantity))
  );
  // No site registers a generator yet: whoever has one puts the finding aside.
  return checkDevice(deviceReadsOf({ profile, transformer }, stored), {
    transformer,
    generates: false,
    identity,
  });
}

function storedOf({ halfHour, words, amount }: CheckedRow, quantity: string): StoredQuantity {
  return { halfHour, quantity, words, amount };
}

/** What a device said of itself in the last day, with what it is compared with. */
function identityOf({ device, profile, byChannel, known }: OneDevice): readonly IdentityRead[] {
  const label = profile.kind === "router" ? device.serial ?? device.routerSerial : device.serial;
  return device.channels.flatMap((channel): readonly IdentityRead[] => {
    const kind = identityKindOf(channel.quantity);
    const read = kind && newestText(channel, byChannel.get(channel.id) ?? []);
    if (!kind || !read) return [];
    const first = known.find(({ quantity }) => quantity === channel.quantity)?.first ?? null;
    const registered = kind === "serial" ? label : null;
    return [{ quantity: channel.quantity, kind, read, first, registered }];
  });
}

function newestText({ kind }: DueChannel, rows: readonly CheckedRow[]): string | null {
  const read = rows.filter(({ value }) => value !== null)
    .toSorted((one, other) => one.halfHour - other.halfHour).at(-1);
  const text = kind === "text" ? read?.text ?? "" : String(read?.value ?? "");
  return text === "" ? null : text;
}

/**
 * What is noted: the first text stays what later ones are compared with, until another device is registered, which
 * is its own beginning.
 */
function notedOf({ device, known, nowMs }: OneDevice, identity: readonly IdentityRead[]) {
  const replaced = identity.some(({ registered, first, read }) =>
    registered !== null && first !== null && isSameSerial(read, registered) && !isSameSerial(read, first)
  );
  return identity.map(({ quantity, read }): DeviceIdentity => {
    const before = replaced ? undefined : known.find((each) => each.quantity === quantity);
    return {
      meterId: device.meterId,
      quantity,
      first: before?.first ?? read,
      firstMs: before?.firstMs ?? nowMs,
      read,
    };
  });
}
