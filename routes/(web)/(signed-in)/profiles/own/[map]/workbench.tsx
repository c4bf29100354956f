/**
 * The decoder workbench of a register map: what the display shows goes in, ways to read the registers come out.
 *
 * @module
 */

import { type Context, page } from "fresh";
import {
  WorkbenchPage,
  type WorkbenchPageProps,
  type WorkbenchTexts,
} from "../../../../../../lib/ui/pages/maps/WorkbenchPage.tsx";
import { allow } from "../../../../../../lib/web/allow.ts";
import { requireBody } from "../../../../../../lib/web/form.ts";
import { MAP_CHANGED_ELSEWHERE } from "../../../../../../lib/web/pages/maps/editor_act.ts";
import { mapHref, type OpenMap, openMap } from "../../../../../../lib/web/pages/maps/open_map.ts";
import { listPlaces } from "../../../../../../lib/web/pages/maps/place.ts";
import { look, useWay } from "../../../../../../lib/web/pages/maps/workbench.ts";
import { readWorkbench, typedWorkbench } from "../../../../../../lib/web/pages/maps/workbench_form.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../../../lib/web/state.ts";

/** Registers that are offered to be read. */
const COUNT = "40";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    const { searchParams } = ctx.url;
    const values: WorkbenchTexts = {
      at: (searchParams.get("at") ?? "").slice(0, 60),
      functionCode: open.map.functionCode === 4 ? "4" : "3",
      start: "0",
      notation: "0-based",
      count: COUNT,
      display: "",
      againS: "",
      power: "",
    };
    return page<WorkbenchPageProps>(await shown(ctx, open, { values }));
  },
  async POST(ctx) {
    allow(ctx, "profiles.change");
    const open = await openMap(ctx);
    const form = await requireBody(ctx);
    const values = typedWorkbench(form);
    const read = readWorkbench(form);
    const version = /^\d{1,9}$/.test(form.get("version") ?? "") ? Number(form.get("version")) : -1;
    const way = form.get("use");
    if (way !== null) {
      const quantity = form.get("quantity") ?? "";
      const used = await useWay(ctx.state, { open, version, way, quantity, display: values.display });
      if (used.ok) {
        const { row, replaced } = used.value;
        const query = new URLSearchParams({
          [replaced ? "rewritten" : "written"]: String(row),
          ...(values.at !== "" && { at: values.at }),
        });
        return redirectTo(`${mapHref(open.record.id)}?${query}#row-${row}`);
      }
      if (used.error.kind === "changed") {
        const told = { ...MAP_CHANGED_ELSEWHERE, words: "Find it again, then use it." };
        return page<WorkbenchPageProps>(await shown(ctx, await openMap(ctx), { values, told }), {
          status: 409,
        });
      }
      const { faults } = used.error;
      if (!read.ok) {
        return page<WorkbenchPageProps>(await shown(ctx, open, { values, faults }), { status: 422 });
      }
      const again = await look(ctx.state, lookOf(ctx, { open, form, values, wish: read.value }));
      return page<WorkbenchPageProps>(await shown(ctx, open, { values, faults, ...again }), { status: 422 });
    }
    if (!read.ok) {
      const faults = read.error;
      return page<WorkbenchPageProps>(await shown(ctx, open, { values, faults }), { status: 422 });
    }
    const looked = await look(ctx.state, lookOf(ctx, { open, form, values, wish: read.value }));
    return page<WorkbenchPageProps>(await shown(ctx, open, { values, ...looked }));
  },
});

interface Looking {
  readonly open: OpenMap;
  readonly form: URLSearchParams;
  readonly values: WorkbenchTexts;
  readonly wish: Parameters<typeof look>[1]["wish"];
}

function lookOf(ctx: Context<State>, { open, form, values, wish }: Looking): Parameters<typeof look>[1] {
  const afresh = form.get("do") === "afresh" || form.has("use");
  return {
    open,
    wish: form.has("use") ? { ...wish, againS: 0 } : wish,
    at: values.at,
    typed: values.display,
    seen: afresh ? "" : form.get("seen") ?? "",
    signal: ctx.req.signal,
  };
}

interface More extends Partial<Pick<WorkbenchPageProps, "faults" | "outcome" | "findings" | "told">> {
  readonly values: WorkbenchTexts;
}

async function shown(ctx: Context<State>, open: OpenMap, more: More): Promise<WorkbenchPageProps> {
  const asker = allow(ctx, "profiles.change");
  const { record } = open;
  const { options } = await listPlaces(ctx.state, { asker, at: more.values.at, find: "" });
  ctx.state.title = `Workbench, ${record.name}`;
  return {
    map: { name: record.name, href: mapHref(record.id) },
    version: record.version,
    faults: {},
    places: options,
    outcome: { kind: "none" },
    findings: [],
    told: null,
    ...more,
  };
}

export default define.page<typeof handler>(({ data }) => <WorkbenchPage {...data} />);
