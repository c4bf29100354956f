/**
 * Publishes the working copy of a register map as a version that never changes.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { publishFaults } from "../../../../../../lib/profiles/map_check.ts";
import { faultWords } from "../../../../../../lib/profiles/map_fault.ts";
import { publishMap, VERSION_NOTE_MAX } from "../../../../../../lib/store/register_maps.ts";
import { PublishPage, type PublishPageProps } from "../../../../../../lib/ui/pages/maps/MapPages.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { line, readForm, requireBody, typed } from "../../../../../../lib/web/form.ts";
import { diffView } from "../../../../../../lib/web/pages/maps/diff_view.ts";
import {
  mapHref,
  type OpenMap,
  openMap,
  openVersion,
} from "../../../../../../lib/web/pages/maps/open_map.ts";
import { number } from "../../../../../../lib/web/pages/register/fields.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../../lib/web/state.ts";

const CHANGED: Told = {
  state: "warn",
  title: "The working copy was changed in another window meanwhile",
  words: "Look at the differences below before you publish it.",
};

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    return page<PublishPageProps>(await shown(ctx.state, open, {}));
  },
  async POST(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    const form = await requireBody(ctx);
    const read = readForm<{ version: number; note: string }>(form, {
      version: number({ least: 0, most: 2_147_483_647 }),
      note: line({ min: 1, max: VERSION_NOTE_MAX }),
    });
    const { note = "" } = typed(form, ["note"]);
    if (!read.ok) {
      return page<PublishPageProps>(await shown(ctx.state, open, { note, faults: read.error }), {
        status: 422,
      });
    }
    if (refusalOf(open) !== null) {
      return page<PublishPageProps>(await shown(ctx.state, open, {}), { status: 422 });
    }
    const { record } = open;
    const { db } = servicesOf(ctx.state);
    const done = await publishMap(db, authorOf(ctx.state), { mapId: record.id, ...read.value });
    if (done.ok) return redirectTo(`${mapHref(record.id)}?published=${done.value}`);
    const now = await openMap(ctx);
    switch (done.error) {
      case "changed":
        return page<PublishPageProps>(await shown(ctx.state, now, { note, told: CHANGED }), { status: 409 });
      case "nothing-new":
      case "too-many": {
        const words = done.error === "too-many"
          ? "A map has at most 999 versions. Begin a new one as a copy of it"
          : "It is the same as the newest version";
        return page<PublishPageProps>(await shown(ctx.state, now, { note, faults: { note: words } }), {
          status: 422,
        });
      }
    }
    throw new HttpError(500);
  },
});

interface More {
  readonly note?: string;
  readonly faults?: Readonly<Record<string, string>>;
  readonly told?: Told;
}

function refusalOf({ map }: OpenMap): string | null {
  const [fault] = publishFaults(map);
  return fault ? faultWords(fault) : null;
}

async function shown(state: State, open: OpenMap, more: More): Promise<PublishPageProps> {
  const { record, map } = open;
  const newest = record.published > 0
    ? await openVersion(state, { record, text: String(record.published) })
    : null;
  return {
    map: { name: record.name, href: mapHref(record.id) },
    next: record.published + 1,
    version: record.version,
    note: more.note ?? "",
    faults: more.faults ?? {},
    diff: newest && diffView({ label: `Version ${record.published}`, map: newest.map }, {
      label: "Working copy",
      map,
    }),
    refused: refusalOf(open),
    told: more.told ?? null,
  };
}

export default define.page<typeof handler>(({ data }) => <PublishPage {...data} />);
