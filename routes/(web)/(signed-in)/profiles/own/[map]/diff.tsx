/**
 * Differences between two versions of a register map, or between one and the working copy.
 *
 * @module
 */

import { page } from "fresh";
import { readVersions } from "../../../../../../lib/store/register_maps.ts";
import { DiffPage, type DiffPageProps } from "../../../../../../lib/ui/pages/maps/MapPages.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { diffView, type MapSide } from "../../../../../../lib/web/pages/maps/diff_view.ts";
import {
  mapHref,
  type OpenMap,
  openMap,
  openVersion,
} from "../../../../../../lib/web/pages/maps/open_map.ts";
import { define, servicesOf, type State } from "../../../../../../lib/web/state.ts";

const WORKING = "working";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "sites.list");
    const open = await openMap(ctx);
    const { record } = open;
    const versions = await readVersions(servicesOf(ctx.state).db, record.id);
    const newest = record.published > 0 ? String(record.published) : WORKING;
    const from = ctx.url.searchParams.get("from") ?? newest;
    const to = ctx.url.searchParams.get("to") ?? WORKING;
    const sides = [await sideOf(ctx.state, open, from), await sideOf(ctx.state, open, to)] as const;
    return page<DiffPageProps>({
      map: { name: record.name, href: mapHref(record.id) },
      sides: [
        { value: WORKING, label: "Working copy" },
        ...versions.map(({ version }) => ({ value: String(version), label: `Version ${version}` })),
      ],
      from,
      to,
      diff: diffView(...sides),
    });
  },
});

async function sideOf(state: State, { record, map }: OpenMap, text: string): Promise<MapSide> {
  if (text === WORKING) return { label: "Working copy", map };
  const found = await openVersion(state, { record, text });
  return { label: `Version ${found.published.version}`, map: found.map };
}

export default define.page<typeof handler>(({ data }) => <DiffPage {...data} />);
