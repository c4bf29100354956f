/**
 * Reads values for the rows of a register map as they are typed, saved or not.
 *
 * @module
 */

import { page } from "fresh";
import RegisterEditor from "../../../../../../islands/RegisterEditor.tsx";
import { MapEditorPage } from "../../../../../../lib/ui/pages/maps/MapEditorPage.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import type { EditorPageProps } from "../../../../../../lib/web/pages/maps/editor_page.ts";
import { postMap } from "../../../../../../lib/web/pages/maps/editor_post.ts";
import { mapHref, openMap } from "../../../../../../lib/web/pages/maps/open_map.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

export const handler = define.handlers({
  /** Whoever comes by the address alone is led to the editor. */
  async GET(ctx) {
    allow(ctx, "profiles.change");
    const { record } = await openMap(ctx);
    return redirectTo(mapHref(record.id));
  },
  async POST(ctx) {
    const done = await postMap(ctx, { reads: true });
    return done instanceof Response ? done : page<EditorPageProps>(done.shown, { status: done.status });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <MapEditorPage {...data.around}>
    <RegisterEditor {...data.form} />
  </MapEditorPage>
));
