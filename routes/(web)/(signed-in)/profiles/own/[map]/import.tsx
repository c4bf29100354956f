/**
 * Replaces the working copy of a register map by a file, after a look at what would change.
 *
 * @module
 */

import { page } from "fresh";
import { mapToJson } from "../../../../../../lib/profiles/map_json.ts";
import type { RegisterMap } from "../../../../../../lib/profiles/register_map.ts";
import { ok } from "../../../../../../lib/result.ts";
import { saveMap } from "../../../../../../lib/store/register_maps.ts";
import { ImportPage, type ImportPageProps } from "../../../../../../lib/ui/pages/maps/ImportPages.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { choice, type Field, readForm } from "../../../../../../lib/web/form.ts";
import { storedMapOf } from "../../../../../../lib/web/own_maps.ts";
import { diffView } from "../../../../../../lib/web/pages/maps/diff_view.ts";
import { MAP_CHANGED_ELSEWHERE } from "../../../../../../lib/web/pages/maps/editor_act.ts";
import { requireUpload } from "../../../../../../lib/web/pages/maps/map_body.ts";
import { mapOfFile } from "../../../../../../lib/web/pages/maps/map_file.ts";
import { mapHref, type OpenMap, openMap } from "../../../../../../lib/web/pages/maps/open_map.ts";
import { number } from "../../../../../../lib/web/pages/register/fields.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf } from "../../../../../../lib/web/state.ts";

interface SentImport {
  readonly do: "look" | "replace";
  readonly version: number | null;
  readonly json: string;
  readonly text: string;
  readonly file: string;
}

const anyText: Field<string> = (text) => ok(text ?? "");

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "profiles.change");
    return page<ImportPageProps>(shown(await openMap(ctx), {}));
  },
  async POST(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    const form = await requireUpload(ctx);
    const text = (form.get("text") ?? "").slice(0, 20_000);
    const read = readForm<SentImport>(form, {
      do: (sent) => sent === undefined ? ok("look") : choice(["look", "replace"])(sent),
      version: (sent) => sent === undefined ? ok(null) : number({ least: 0, most: 2_147_483_647 })(sent),
      json: anyText,
      text: anyText,
      file: anyText,
    });
    if (!read.ok) return page<ImportPageProps>(shown(open, { text, faults: read.error }), { status: 422 });
    const sent = read.value;
    const found = await mapOfFile(sent.json || (sent.file.trim() === "" ? sent.text : sent.file), open.map);
    if (!found.ok) {
      return page<ImportPageProps>(shown(open, { text, fileFaults: found.error }), { status: 422 });
    }
    // The map keeps its own name and where it came from.
    const next = { ...found.value, name: open.map.name, basedOn: open.map.basedOn };
    if (sent.do === "look" || sent.version === null) {
      return page<ImportPageProps>(shown(open, { text, next }));
    }
    const { db } = servicesOf(ctx.state);
    const change = { mapId: open.record.id, version: sent.version, map: storedMapOf(next) };
    const saved = await saveMap(db, authorOf(ctx.state), change);
    if (saved.ok) return redirectTo(`${mapHref(open.record.id)}?saved=1`);
    if (saved.error === "changed") {
      const told = { ...MAP_CHANGED_ELSEWHERE, words: "Look at the differences to what it is now." };
      return page<ImportPageProps>(shown(await openMap(ctx), { next, told }), { status: 409 });
    }
    const fault = saved.error === "too-large" ? "The map is too large to be kept" : "The name is taken";
    return page<ImportPageProps>(shown(open, { text, fileFaults: [fault] }), { status: 422 });
  },
});

interface More {
  readonly text?: string;
  readonly faults?: Readonly<Record<string, string>>;
  readonly fileFaults?: readonly string[];
  readonly next?: RegisterMap;
  readonly told?: ImportPageProps["told"];
}

function shown({ record, map }: OpenMap, more: More): ImportPageProps {
  const { text = "", faults = {}, fileFaults = [], next, told = null } = more;
  return {
    map: { name: record.name, href: mapHref(record.id) },
    version: record.version,
    text,
    faults,
    fileFaults,
    found: next
      ? {
        diff: diffView({ label: "Working copy", map }, { label: "File", map: next }),
        json: mapToJson(next),
      }
      : null,
    told,
  };
}

export default define.page<typeof handler>(({ data }) => <ImportPage {...data} />);
