/**
 * One published version of a register map.
 *
 * @module
 */

import { page } from "fresh";
import { profileOfMap } from "../../../../../../../lib/profiles/register_map.ts";
import { VersionPage, type VersionPageProps } from "../../../../../../../lib/ui/pages/maps/MapPages.tsx";
import { allow } from "../../../../../../../lib/web/allow.ts";
import {
  mapHref,
  openMap,
  openVersion,
  publishedWords,
} from "../../../../../../../lib/web/pages/maps/open_map.ts";
import { define } from "../../../../../../../lib/web/state.ts";
import { profileView } from "../../../(_view)/profile_view.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.list");
    const { record } = await openMap(ctx);
    const { published, map } = await openVersion(ctx.state, { record, text: ctx.params.version });
    const { version, note } = published;
    const href = mapHref(record.id);
    return page<VersionPageProps>({
      map: { name: record.name, href },
      version,
      summary: note === "" ? publishedWords(published) : `${note}. ${publishedWords(published)}`,
      rows: profileView(profileOfMap(map, { mapId: record.id, version }), 0).rows,
      diffHref: `${href}/diff?from=${version}&to=working`,
    });
  },
});

export default define.page<typeof handler>(({ data }) => <VersionPage {...data} />);
