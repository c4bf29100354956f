/**
 * All migrations in their order. A migration goes forward, does one thing, says why on its first line, can be run
 * again after a kill at any statement, and works with the release before it: it only adds. One that takes something
 * away exports `contract` and waits until no release can run that needs it (`docs/migrations.md`).
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
import * as reach from "./0009_reach.ts";
import * as account from "./0010_account.ts";
import * as secret from "./0011_secret.ts";
import * as auditChain from "./0012_audit_chain.ts";
import * as routerUser from "./0013_router_user.ts";
import * as registration from "./0014_registration.ts";
import * as registerMap from "./0015_register_map.ts";
import * as deviceLife from "./0016_device_life.ts";
import * as finding from "./0017_finding.ts";
import * as siteImport from "./0018_site_import.ts";
import * as link from "./0019_link.ts";
import * as correction from "./0020_correction.ts";
import * as vpn from "./0021_vpn.ts";
import * as releaseSeen from "./0022_release_seen.ts";
import * as idempotency from "./0023_idempotency.ts";

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
  "0009_reach": reach,
  "0010_account": account,
  "0011_secret": secret,
  "0012_audit_chain": auditChain,
  "0013_router_user": routerUser,
  "0014_registration": registration,
  "0015_register_map": registerMap,
  "0016_device_life": deviceLife,
  "0017_finding": finding,
  "0018_site_import": siteImport,
  "0019_link": link,
  "0020_correction": correction,
  "0021_vpn": vpn,
  "0022_release_seen": releaseSeen,
  "0023_idempotency": idempotency,
};

/** Why each migration exists, as its own first line says: an operator reads it before applying. */
export const migrationReasons: Readonly<Record<string, string>> = {
  "0001_site":
    "Sites come first: everything else hangs on premises, their router, its addresses and its ports.",
  "0002_meter": "Meters and their channels say what is expected in a half-hour, series how a counter counts.",
  "0003_reading":
    "Readings lie in two shapes: by half-hour while they are written, by day once they are only read (ADR 0011).",
  "0004_ledger":
    "The ledger says what is expected of every half-hour before anything is read, and is the fence of every store.",
  "0005_release": "Of several processes only those of the promoted release work: one row names it.",
  "0006_user": "People sign in, the first of them by a one-time link, and what they change is written down.",
  "0007_load_shape":
    "A gap is filled along the channel's own usual week, which is learned once a day and kept.",
  "0008_half_hourly_energy":
    "Grafana, Excel and other SQL users see half-hours with timestamps, unit and quality, whatever shape they lie in.",
  "0009_reach":
    "Sites lie in groups, and a person or a token reaches all sites, some groups, or sites by name.",
  "0010_account":
    "People are invited by e-mail, hold a second factor, passkeys and API tokens, and lose every session when it matters.",
  "0011_secret":
    "Settings that administrators change on pages, and secrets that lie encrypted, each under its own name.",
  "0012_audit_chain":
    "The audit trail is a chain of keyed hashes with signed checkpoints, so that nobody can rewrite or cut it unseen.",
  "0013_router_user":
    "A router is signed in to by a user whose name is no secret; the password lies sealed under the site's name.",
  "0014_registration":
    "Sites are registered on pages: a draft remembers what was written down, and a site keeps what people ask about it.",
  "0015_register_map":
    "People make register maps of their own: one copy of each is worked on, and what is published never changes.",
  "0016_device_life":
    "A meter is replaced, moved and retired: each is kept with its instant, and a maintenance window explains half-hours.",
  "0017_finding":
    "Every device is checked at night: what was found is kept with who put it aside, and what a device said of itself.",
  "0018_site_import":
    "Many sites come in one file: what was judged of it, what became of each site, and how each device was tested.",
  "0019_link":
    "Of each local day of a site it is kept over which path it answered and what it cost, before ledger and tries are forgotten.",
  "0020_correction":
    "An amount that is replaced is kept beside the act that replaced it, so that a report can be made again as it was.",
  "0021_vpn":
    "Routers are reached through a VPN: which peer a site has, by a place that never is another site's.",
  "0022_release_seen":
    "A table may only lose what no release that can still run asks for: each release says up to which migration it knows.",
  "0023_idempotency":
    "A program whose answer got lost asks again under the same key: what it changed is not changed twice.",
};
