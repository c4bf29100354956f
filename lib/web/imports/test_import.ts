/**
 * Tests devices of an import before they are registered, a few at a time, over the prober and within its limits. What
 * stands at an address of a site out of reach is not asked.
 *
 * @module
 */

import type { Prober, ProbeTarget } from "../../domain/probe.ts";
import type { DeviceStep, Registration } from "../../domain/registration.ts";
import type { ImportRow } from "../../domain/site_import.ts";
import { appendAudit } from "../../store/audit.ts";
import { hasFarTwin } from "../../store/host_twins.ts";
import { type ImportTestState, storeImportTest } from "../../store/import_tests.ts";
import type { ImportRecord } from "../../store/site_imports.ts";
import { noteOf } from "../pages/register/device_view.ts";
import { type ActEnd, type Desk, goodSites, mayStill, sheetRow } from "./acts.ts";
import { loadContext } from "./context.ts";
import { judgeSite } from "./judge_site.ts";
import { nameCells } from "./named_row.ts";
import type { WorkTools } from "./works.ts";

/** Devices tested at once for one import: the process tests sixteen in all. */
export const TESTS_AT_ONCE = 4;

/** Milliseconds after which a run ends: what is left is tested by another one. */
export const TEST_RUN_MS = 1_800_000;

/** What is tested. */
export interface TestWish {
  /** The import. */
  readonly record: ImportRecord;
  /** Rows of the sheet; `null`: all good ones. */
  readonly rows: ReadonlySet<number> | null;
}

interface Target {
  readonly row: number;
  readonly probe: ProbeTarget;
  readonly device: DeviceStep;
}

/** Tests the devices of some good rows. */
export async function testImport(
  desk: Desk & { readonly prober: Pick<Prober, "probe"> },
  wish: TestWish,
  { signal, onDone }: WorkTools,
): Promise<ActEnd> {
  const { clock } = desk;
  const targets = await targetsOf(desk, wish);
  await writeAsked(desk, wish, targets);
  const over = new AbortController();
  const late = clock.sleep(TEST_RUN_MS, over.signal);
  let isLate = false;
  void late.then(() => isLate = !over.signal.aborted);
  let next = 0;
  let done = 0;
  let allowed = true;
  const work = async () => {
    for (let target = targets[next++]; target; target = targets[next++]) {
      if (signal.aborted || isLate || !allowed) return;
      allowed = await mayStill(desk);
      if (!allowed) return;
      await testOne(desk, { importId: wish.record.id, target, signal });
      onDone(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: TESTS_AT_ONCE }, work));
  } finally {
    over.abort();
    await late;
  }
  return !allowed ? "not-allowed" : signal.aborted || isLate ? "stopped" : "done";
}

/** Characters of the addresses of one entry of the trail, which is cut where it is longer than 20,000. */
const ADDRESSES_CHARS = 15_000;

/** Writes down which addresses are about to be asked: the import itself may be forgotten. */
async function writeAsked(
  { db, by, clock }: Desk,
  { record, rows }: TestWish,
  targets: readonly Target[],
): Promise<void> {
  const asked = targets.flatMap(({ probe: { paths, endpoint } }) =>
    paths.map(({ host }) => `${host} port ${endpoint.port}`)
  );
  for (const addresses of entriesOf([...new Set(asked)])) {
    const after = { rows: rows === null ? "all good ones" : rows.size, addresses };
    const entry = { action: "import-tested", subject: `import ${record.id}`, after };
    await appendAudit(db, { ...by, atMs: clock.nowMs() }, entry);
  }
}

function entriesOf(addresses: readonly string[]): readonly (readonly string[])[] {
  const entries: string[][] = [[]];
  let chars = 0;
  for (const address of addresses) {
    if (chars + address.length > ADDRESSES_CHARS) {
      entries.push([]);
      chars = 0;
    }
    entries.at(-1)?.push(address);
    chars += address.length + 3;
  }
  return entries;
}

async function targetsOf(
  { db, profiles, user, breathe }: Desk,
  { record, rows }: TestWish,
): Promise<readonly Target[]> {
  const sites = await goodSites(db, record, breathe);
  const wanted = [...sites.values()].filter((own) => rows === null || own.some(({ row }) => rows.has(row)));
  const { columns } = record;
  const sheet = { columns, rows: wanted.flat().map(sheetRow), reach: user.reach, breathe };
  const context = await loadContext({ db, profiles }, sheet);
  const targets: Target[] = [];
  for (const own of wanted) {
    const { registration } = judgeSite(own.map((row) => nameCells(sheetRow(row), columns)), context);
    if (registration) targets.push(...devicesOf(own, registration));
    await breathe();
  }
  return targets.filter(({ row }) => rows === null || rows.has(row));
}

/** Devices are numbered as their rows are. */
function devicesOf(
  rows: readonly ImportRow[],
  { router, devices }: Registration,
): readonly Target[] {
  return rows.flatMap(({ row }, i) => {
    const device = devices.find(({ id }) => id === i + 1);
    const endpoint = router?.endpoints.find(({ id }) => id === device?.endpointId);
    if (!router || !device || !endpoint) return [];
    const { unitId, profileId, transformer } = device;
    const beside = devices.filter((other) => other.endpointId === endpoint.id && other.unitId !== unitId);
    const neighbours = beside.map((other) => other.unitId);
    const probe = { paths: router.paths, endpoint, unitId, profileId, transformer, neighbours };
    return [{ row, device, probe }];
  });
}

interface OneTest {
  readonly importId: number;
  readonly target: Target;
  readonly signal: AbortSignal;
}

async function testOne(
  { db, user, clock, prober }: Desk & { readonly prober: Pick<Prober, "probe"> },
  { importId, target, signal }: OneTest,
): Promise<void> {
  const { row, probe, device } = target;
  const keep = (state: ImportTestState, words: string) =>
    storeImportTest(db, importId, { row, state, words, atMs: clock.nowMs() });
  // Asked for each when its turn comes, by its address as it is dialled: a run takes a while.
  const place = { hosts: probe.paths.map(({ host }) => host), ports: [probe.endpoint.port] };
  if (await hasFarTwin(db, { ...place, reach: user.reach })) {
    return await keep("skipped", "address of a site that you do not reach");
  }
  const probed = await prober.probe(probe, signal);
  if (signal.aborted) return;
  if (!probed.ok) return await keep("skipped", "others were reading there: test it again");
  const { state, words } = noteOf(probed.value, device);
  await keep(state, words);
}
