/**
 * The editor of a register map of one's own.
 *
 * @module
 */

import { page } from "fresh";
import RegisterEditor from "../../../../../../islands/RegisterEditor.tsx";
import { profileOfMap } from "../../../../../../lib/profiles/register_map.ts";
import { Panel } from "../../../../../../lib/ui/Page.tsx";
import { MapEditorPage } from "../../../../../../lib/ui/pages/maps/MapEditorPage.tsx";
import { type RegisterRow, RegistersTable } from "../../../../../../lib/ui/pages/ProfilePage.tsx";
import type { Told } from "../../../../../../lib/ui/Told.tsx";
import { allow, mightDo } from "../../../../../../lib/web/allow.ts";
import { MAP_SAVED } from "../../../../../../lib/web/pages/maps/editor_act.ts";
import { type EditorPageProps, keptEditor } from "../../../../../../lib/web/pages/maps/editor_page.ts";
import { postMap } from "../../../../../../lib/web/pages/maps/editor_post.ts";
import { notationOf } from "../../../../../../lib/web/pages/maps/map_form.ts";
import { openMap } from "../../../../../../lib/web/pages/maps/open_map.ts";
import { define } from "../../../../../../lib/web/state.ts";
import { profileView } from "../../(_view)/profile_view.ts";

/** The editor, or the rows in words for whoever may only look. */
type Shown = EditorPageProps & { readonly rows: readonly RegisterRow[] | null };

export const handler = define.handlers({
  async GET(ctx) {
    const asker = allow(ctx, "sites.list");
    const open = await openMap(ctx);
    const { searchParams } = ctx.url;
    const view = {
      at: (searchParams.get("at") ?? "").slice(0, 60),
      find: (searchParams.get("find") ?? "").trim().slice(0, 60),
      notation: notationOf(searchParams.get("show")) ?? "0-based",
      told: toldBy(searchParams),
    };
    const kept = await keptEditor(ctx.state, { open, asker, view });
    const mayChange = mightDo(ctx.state, "profiles.change");
    const profile = profileOfMap(open.map, { mapId: open.record.id, version: open.record.published + 1 });
    return page<Shown>({ ...kept, rows: mayChange ? null : profileView(profile, 0).rows });
  },
  async POST(ctx) {
    const done = await postMap(ctx, { reads: false });
    if (done instanceof Response) return done;
    return page<Shown>({ ...done.shown, rows: null }, { status: done.status });
  },
});

/** What an act that led here has to tell. */
function toldBy(params: URLSearchParams): Told | null {
  if (params.has("saved")) return MAP_SAVED;
  const numberOf = (name: string) => /^[1-9]\d{0,4}$/.exec(params.get(name) ?? "")?.[0];
  const published = numberOf("published");
  if (published) {
    const words =
      "It is offered among the models of devices from now on. Devices keep the version they have.";
    return { state: "good", title: `Version ${published} is published`, words };
  }
  const [written, rewritten] = [numberOf("written"), numberOf("rewritten")];
  const row = written ?? rewritten;
  if (!row) return null;
  const title = written ? `Row ${row} was added` : `Row ${row} was written anew`;
  return {
    state: "good",
    title,
    words: "It is in the working copy. Read its value, then publish a version.",
  };
}

export default define.page<typeof handler>(({ data }) => (
  <MapEditorPage {...data.around}>
    {data.rows ? <LookedAt rows={data.rows} /> : <RegisterEditor {...data.form} />}
  </MapEditorPage>
));

function LookedAt({ rows }: { readonly rows: readonly RegisterRow[] }) {
  return (
    <Panel flush title="Registers" id="registers">
      <RegistersTable rows={rows} />
    </Panel>
  );
}
