import { deepStrictEqual } from "node:assert/strict";
import { findRouterLabel } from "../../../lib/store/router_labels.ts";
import { onEveryEngine } from "./engines.ts";

const NOTHING = { iccid: null, number: null, operator: null, apn: null, allowanceMB: null };

onEveryEngine("findRouterLabel() gives what is registered, and of a SIM what it understands", async (db) => {
  const add = (siteId: number, sim: unknown) =>
    db.kysely.insertInto("router").values({
      site_id: siteId,
      profile_id: null,
      model: "RUT956",
      serial: null,
      user_name: null,
      sim: sim === undefined ? null : JSON.stringify(sim),
    }).execute();
  await add(901, undefined);
  await add(902, { ...NOTHING, apn: "iot", allowanceMB: 500 });
  await add(903, { apn: "", number: 7, allowanceMB: -1, password: "x" });
  deepStrictEqual(await findRouterLabel(db, 900), { model: null, serial: null, sim: null });
  deepStrictEqual(await findRouterLabel(db, 901), { model: "RUT956", serial: null, sim: null });
  deepStrictEqual((await findRouterLabel(db, 902)).sim, { ...NOTHING, apn: "iot", allowanceMB: 500 });
  deepStrictEqual((await findRouterLabel(db, 903)).sim, NOTHING);
});
