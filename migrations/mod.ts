/**
 * All migrations in their order. A migration goes forward, does one thing, says why on its first line, can be run
 * again after a kill at any statement, and works with the release before it.
 *
 * @module
 */

import type { Migration } from "../lib/store/dialect.ts";
import * as site from "./0001_site.ts";
import * as meter from "./0002_meter.ts";
import * as reading from "./0003_reading.ts";
import * as ledger from "./0004_ledger.ts";
import * as release from "./0005_release.ts";
import * as user from "./0006_user.ts";
import * as loadShape from "./0007_load_shape.ts";
import * as halfHourlyEnergy from "./0008_half_hourly_energy.ts";

/** The migrations by name; the names sort in the order in which they are applied. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001_site": site,
  "0002_meter": meter,
  "0003_reading": reading,
  "0004_ledger": ledger,
  "0005_release": release,
  "0006_user": user,
  "0007_load_shape": loadShape,
  "0008_half_hourly_energy": halfHourlyEnergy,
};
