import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { faultsOf, type Registration, type SiteState } from "../../../lib/domain/registration.ts";
import { changeOf, cloneOf, copyNames, isAsSeen, takeOver } from "../../../lib/domain/site_change.ts";
import { changedSite, KILN } from "./kiln.ts";

/** The site as a store has it: ids that say nothing. */
function stored(state: SiteState): SiteState {
  const id = (one: number) => 4_000 + one;
  return {
    ...state,
    router: { ...state.router, endpoints: state.router.endpoints.map((one) => ({ ...one, id: id(one.id) })) },
    devices: state.devices.map((one) => ({
      ...one,
      id: id(one.id),
      endpointId: id(one.endpointId),
      parentId: one.parentId === null ? null : id(one.parentId),
    })),
  };
}

const site = { siteId: 7, state: stored(KILN), routerMeterId: null };
const DRAFT = changeOf(site);
const now = (state: SiteState) => ({ state: stored(state), routerMeterId: null });

function seen({ change }: Registration) {
  if (!change) throw new Error("no change");
  return change;
}

Deno.test("changeOf() makes a draft of a site with small numbers of its own, which nothing keeps from being applied", () => {
  const { site, router, devices, hours } = DRAFT;
  deepStrictEqual({ site, router, devices, hours }, KILN);
  deepStrictEqual(seen(DRAFT).meterIds, { "1": 4_001, "2": 4_002 });
  deepStrictEqual(seen(DRAFT).endpointIds, { "1": 4_001, "2": 4_002 });
  deepStrictEqual(faultsOf(DRAFT), []);
});

Deno.test("isAsSeen() tells whether anything of the site is otherwise", () => {
  strictEqual(isAsSeen(seen(DRAFT), stored(KILN)), true);
  const [incomer] = KILN.devices;
  const [gateway] = KILN.router.endpoints;
  if (!incomer || !gateway) throw new Error("no device");
  const others: readonly SiteState[] = [
    changedSite({ site: { town: "Ewell" } }),
    changedSite({ site: { collected: false } }),
    changedSite({ router: { user: null } }),
    changedSite({ router: { endpoints: [gateway] } }),
    changedSite({ devices: [incomer] }),
    changedSite({ devices: [...KILN.devices, { ...incomer, id: 3, unitId: 3 }] }),
    changedSite({ hours: null }),
  ];
  for (const other of others) strictEqual(isAsSeen(seen(DRAFT), stored(other)), false);
});

Deno.test("takeOver() leaves what was typed, and takes what was not touched as it is now", () => {
  const [incomer, ovens] = KILN.devices;
  if (!incomer || !ovens) throw new Error("two devices are needed");
  const typed: Registration = {
    ...DRAFT,
    site: { ...KILN.site, name: "Kiln Lane 2" },
    devices: [incomer, { ...ovens, label: "F12" }, { ...ovens, id: 3, name: "Mixer", unitId: 3 }],
  };
  const other = changedSite({
    site: { name: "Somebody's name", town: "Ewell" },
    router: { paths: [{ kind: "wired", host: "10.0.0.1" }] },
    devices: [{ ...ovens, parentId: null, serial: "S-2" }, {
      ...ovens,
      id: 9,
      name: "Oven 2",
      unitId: 5,
      parentId: null,
    }],
  });
  const merged = takeOver(typed, now(other));
  strictEqual(merged.site?.name, "Kiln Lane 2");
  strictEqual(merged.site?.town, "Ewell");
  deepStrictEqual(merged.router?.paths, [{ kind: "wired", host: "10.0.0.1" }]);
  deepStrictEqual(
    merged.devices.map(({ id, name, label, serial, parentId }) => ({ id, name, label, serial, parentId })),
    [
      { id: 2, name: "Ovens", label: "F12", serial: "S-2", parentId: null },
      { id: 4, name: "Oven 2", label: null, serial: null, parentId: null },
      { id: 3, name: "Mixer", label: null, serial: null, parentId: null },
    ],
    "what is gone is gone, what came has a number that nothing in the draft has",
  );
  deepStrictEqual(seen(merged).meterIds, { "2": 4_002, "4": 4_009 });
  strictEqual(isAsSeen(seen(merged), stored(other)), true);
});

Deno.test("takeOver() keeps a port that was taken out, and hours that were typed", () => {
  const [gateway] = KILN.router.endpoints;
  if (!gateway) throw new Error("no port");
  const typed: Registration = { ...DRAFT, router: { ...KILN.router, endpoints: [gateway] }, hours: null };
  const merged = takeOver(typed, now(changedSite({ site: { town: "Ewell" }, router: { serial: "R-1" } })));
  deepStrictEqual(merged.router?.endpoints, [gateway]);
  strictEqual(merged.router?.serial, "R-1");
  strictEqual(merged.hours, null);
});

Deno.test("cloneOf() takes along what another site may have too, and asks its addresses anew", () => {
  const state = stored(changedSite({
    router: {
      serial: "R-1",
      sim: { iccid: "8944110000000000001", number: "+44", operator: "EE", apn: "fixed.ip", allowanceMB: 500 },
    },
    devices: KILN.devices.map((one) => ({ ...one, serial: `S-${one.id}` })),
  }));
  const clone = cloneOf({ state }, "Copy of Kiln Lane");
  strictEqual(clone.change, undefined);
  strictEqual(clone.site?.name, "Copy of Kiln Lane");
  strictEqual(clone.site?.groupId, 3);
  deepStrictEqual(clone.router?.paths, [{ kind: "cellular", host: "" }]);
  strictEqual(clone.router?.serial, null);
  deepStrictEqual(clone.router?.sim, {
    iccid: null,
    number: null,
    operator: "EE",
    apn: "fixed.ip",
    allowanceMB: 500,
  });
  deepStrictEqual(clone.devices.map(({ id, serial, parentId }) => [id, serial, parentId]), [[1, null, null], [
    2,
    null,
    1,
  ]]);
  deepStrictEqual(faultsOf(clone).map(({ words }) => words), ["The router has no address yet"]);
});

Deno.test("copyNames() makes names that fit, each once", () => {
  deepStrictEqual(copyNames("Mill", { count: 3, max: 80 }), [
    "Copy of Mill",
    "Copy of Mill 2",
    "Copy of Mill 3",
  ]);
  const long = copyNames("x".repeat(80), { count: 12, max: 80 });
  strictEqual(new Set(long).size, 12);
  for (const name of long) strictEqual(name.length, 80);
  notStrictEqual(long[0], long[1]);
});
