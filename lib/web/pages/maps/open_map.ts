/**
 * A register map as its pages find it by their path, with its working copy and what stands around it.
 *
 * @module
 */

import { HttpError } from "fresh";
import { halfHourOf } from "../../../domain/half_hour.ts";
import type { Asker } from "../../../domain/permission.ts";
import { diffMaps } from "../../../profiles/map_diff.ts";
import type { RegisterMap } from "../../../profiles/register_map.ts";
import { whereUsed } from "../../../store/map_use.ts";
import {
  type MapRecord,
  type MapVersion,
  type PublishedMap,
  readMap,
  readPublished,
  readVersions,
} from "../../../store/register_maps.ts";
import { countText } from "../../../ui/format.ts";
import type { MapEditorPageProps } from "../../../ui/pages/maps/MapEditorPage.tsx";
import type { Told } from "../../../ui/Told.tsx";
import { mightDo } from "../../allow.ts";
import { mapOfStored } from "../../own_maps.ts";
import { mapIdOf } from "../../params.ts";
import { servicesOf, type State } from "../../state.ts";

/** Where register maps lie. */
export const MAPS_PATH = "/profiles/own";

/** Devices that are named where a map is used. */
const USERS_SHOWN = 50;

/** A map that was opened. */
export interface OpenMap {
  /** What is kept of it. */
  readonly record: MapRecord;
  /** Its working copy. */
  readonly map: RegisterMap;
}

/** The editor of a map. */
export function mapHref(mapId: number): string {
  return `${MAPS_PATH}/${mapId}`;
}

/** The map in the path; 404 where there is none. */
export async function openMap(
  { state, params }: { readonly state: State; readonly params: Readonly<Record<string, string>> },
): Promise<OpenMap> {
  const record = await readMap(servicesOf(state).db, mapIdOf(params));
  if (!record) throw new HttpError(404);
  state.title = record.name;
  return { record, map: mapOfStored(record) };
}

/** The published version in a text; 404 where there is none. */
export async function openVersion(
  state: State,
  { record, text }: { readonly record: MapRecord; readonly text: string | undefined },
): Promise<{ readonly published: PublishedMap; readonly map: RegisterMap }> {
  const version = /^[1-9]\d{0,4}$/.test(text ?? "") ? Number(text) : 0;
  const ids = version === 0 ? [] : [{ mapId: record.id, version }];
  const [published] = await readPublished(servicesOf(state).db, ids);
  if (!published) throw new HttpError(404);
  return { published, map: mapOfStored(published) };
}

/** When something was done and by whom, such as `2 Nov 2026, 10:12 UTC, by ada@example.org`. */
export function publishedWords({ publishedMs, author }: Pick<MapVersion, "publishedMs" | "author">): string {
  const at = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" })
    .format(publishedMs);
  return `${at} UTC, by ${author}`;
}

/** What is shown around the editor. */
export async function aroundMap(
  state: State,
  { open: { record, map }, asker, told, at }: {
    readonly open: OpenMap;
    readonly asker: Asker;
    readonly told: Told | null;
    readonly at: string;
  },
): Promise<MapEditorPageProps> {
  const { db } = servicesOf(state);
  const href = mapHref(record.id);
  const halfHour = halfHourOf(state.base.clock.nowMs());
  const [versions, users, [newest]] = await Promise.all([
    readVersions(db, record.id),
    whereUsed(db, { mapId: record.id, reaches: asker.reaches, halfHour }),
    record.published > 0 ? readPublished(db, [{ mapId: record.id, version: record.published }]) : [],
  ]);
  const changes = newest ? diffMaps(mapOfStored(newest), map).length : 0;
  const mayDevices = mightDo(state, "profiles.change");
  return {
    name: record.name,
    href,
    editable: mightDo(state, "profiles.change"),
    unpublished: !newest || changes > 0,
    standing: !newest
      ? "Not published yet"
      : changes === 0
      ? `As version ${newest.version}`
      : `${countText(changes, "change")} since version ${newest.version}`,
    versions: versions.map((version) => ({
      version: version.version,
      href: `${href}/versions/${version.version}`,
      note: version.note,
      published: publishedWords(version),
      diffHref: version.version === 1
        ? null
        : `${href}/diff?from=${version.version - 1}&to=${version.version}`,
    })),
    users: users.slice(0, USERS_SHOWN).map((use) => ({
      name: use.meterName,
      site: use.siteName,
      siteHref: `/sites/${use.siteId}`,
      version: use.version,
      changeHref: mayDevices ? `/sites/${use.siteId}/devices/${use.meterId}/profile` : null,
    })),
    usedBy: users.length,
    newest: newest?.version ?? null,
    placeQuery: at === "" ? "" : `?at=${encodeURIComponent(at)}`,
    told,
  };
}
