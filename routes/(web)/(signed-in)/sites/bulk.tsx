/**
 * Changes many sites alike: chosen in the list, looked at, applied.
 *
 * @module
 */

import { type Context, HttpError, page } from "fresh";
import { BULK_MAX } from "../../../../lib/domain/site_bulk.ts";
import { listGroups } from "../../../../lib/store/groups.ts";
import { changeSites } from "../../../../lib/store/site_bulk.ts";
import { BulkPage, type BulkPageProps } from "../../../../lib/ui/pages/BulkPage.tsx";
import type { Told } from "../../../../lib/ui/Told.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { requireBody } from "../../../../lib/web/form.ts";
import { chosenIn, readBulkForm, typedBulk } from "../../../../lib/web/pages/bulk/bulk_form.ts";
import {
  type BulkDesk,
  choicePage,
  chosenIds,
  donePage,
  lookPage,
  NO_WISH,
} from "../../../../lib/web/pages/bulk/bulk_page.ts";
import { groupsWithin } from "../../../../lib/web/pages/tokens_view.ts";
import { fleetZone } from "../../../../lib/web/pages/zone.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";

const PATH = "/sites/bulk";

/** Milliseconds of one answer: what is left after them is gone on with by another press. */
const ANSWER_MS = 5_000;

const TOO_MANY: Told = {
  state: "warn",
  title: `More than ${BULK_MAX.toLocaleString("en-GB")} sites at once`,
  words: "Narrow the search or the filters of the list, and take them in parts.",
};

export const handler = define.handlers({
  async GET(ctx) {
    const desk = await deskOf(ctx);
    const siteIds = await chosenIds(desk, ctx.url.searchParams);
    const told = siteIds.length > BULK_MAX ? TOO_MANY : null;
    const typed = { values: NO_WISH, faults: {} };
    const shown = await choicePage(desk, told ? [] : siteIds, typed);
    return page<BulkPageProps>(pageOf(ctx.state, { shown, told }), { status: told ? 422 : 200 });
  },
  async POST(ctx) {
    const desk = await deskOf(ctx);
    const form = await requireBody(ctx);
    const values = typedBulk(form);
    const groupIds = [...(desk.mayUngroup ? [null] : []), ...desk.groups.map(({ id }) => id)];
    const read = readBulkForm(form, groupIds);
    if (!read.ok) {
      const chosen = chosenIn(form);
      const shown = await choicePage(desk, chosen, { values, faults: read.error });
      return page<BulkPageProps>(pageOf(ctx.state, { shown, told: null }), { status: 422 });
    }
    const { step, siteIds, marks, wish } = read.value;
    switch (step) {
      case "back":
        return shownAs(ctx.state, await choicePage(desk, siteIds, { values, faults: {} }));
      case "look":
        return shownAs(ctx.state, await lookPage(desk, siteIds, { wish, values }));
      case "apply": {
        const { clock } = ctx.state.base;
        const endMs = clock.monotonicMs() + ANSWER_MS;
        const outcome = await changeSites(desk.db, authorOf(ctx.state), {
          sites: marks,
          wish,
          reaches: desk.reaches,
          goesOn: () => clock.monotonicMs() < endMs,
        });
        return shownAs(ctx.state, donePage(outcome, { wish, values }));
      }
    }
  },
});

async function deskOf(ctx: Context<State>): Promise<BulkDesk> {
  const { reaches } = allow(ctx, "sites.change");
  const { user, base } = ctx.state;
  if (!user) throw new HttpError(401);
  const { db } = servicesOf(ctx.state);
  const nowMs = base.clock.nowMs();
  return {
    db,
    reaches,
    groups: groupsWithin(await listGroups(db), user.reach),
    mayUngroup: user.reach.kind === "all",
    nowMs,
    zone: await fleetZone(db, { reaches, nowMs }),
  };
}

function pageOf(
  state: State,
  { shown, told }: Pick<BulkPageProps, "shown" | "told">,
): BulkPageProps {
  state.title = "Change many sites";
  return { action: PATH, sitesHref: "/sites", told, shown };
}

function shownAs(state: State, shown: BulkPageProps["shown"]) {
  return page<BulkPageProps>(pageOf(state, { shown, told: null }));
}

export default define.page<typeof handler>(({ data }) => <BulkPage {...data} />);
