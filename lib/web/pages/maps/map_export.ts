/**
 * A register map as a file to take away: its working copy, or one version.
 *
 * @module
 */

import type { Context } from "fresh";
import type { RegisterMap } from "../../../profiles/register_map.ts";
import { allow } from "../../allow.ts";
import { writeDown } from "../../author.ts";
import { fileNameOf } from "../../csv.ts";
import { countExport } from "../../export_limit.ts";
import type { State } from "../../state.ts";
import { openMap, openVersion } from "./open_map.ts";

/** What the file is. */
export interface MapFileKind {
  /** Its ending. */
  readonly ending: "json" | "csv";
  /** Its content type. */
  readonly type: string;
  /** Writes it. */
  readonly write: (map: RegisterMap) => string;
}

/** The file of the map in the path; `?version=3` for a published one. */
export async function exportMap(
  ctx: Context<State>,
  { ending, type, write }: MapFileKind,
): Promise<Response> {
  allow(ctx, "sites.list");
  const open = await openMap(ctx);
  const { record } = open;
  const wanted = ctx.url.searchParams.get("version");
  const map = wanted === null ? open.map : (await openVersion(ctx.state, { record, text: wanted })).map;
  await countExport(ctx.state);
  const after = { register: ending, version: wanted ?? "working copy" };
  await writeDown(ctx.state, { action: "export", subject: `register map ${record.id}`, after });
  const name = `${fileNameOf(record.name)}${wanted === null ? "" : `-${wanted}`}.${ending}`;
  return new Response(write(map), {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}
