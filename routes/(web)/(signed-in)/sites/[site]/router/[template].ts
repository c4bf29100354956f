/**
 * One file that configures a site's router, to be taken away by whoever may change the site: it names addresses.
 *
 * @module
 */

import { HttpError } from "fresh";
import { madeFrom } from "../../../../../../lib/routers/made_from.ts";
import { renderTemplate, templateOf } from "../../../../../../lib/routers/templates.ts";
import { keepRouterFile } from "../../../../../../lib/store/router_files.ts";
import { allowSite } from "../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { fileNameOf } from "../../../../../../lib/web/csv.ts";
import { countExport } from "../../../../../../lib/web/export_limit.ts";
import { define, servicesOf } from "../../../../../../lib/web/state.ts";
import { loadRouterFacts } from "./(_facts)/load_facts.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { base } = ctx.state;
    const { id: siteId } = await allowSite(ctx, "site.change");
    const template = templateOf(ctx.params.template ?? "");
    if (!template) throw new HttpError(404);
    await countExport(ctx.state);
    const facts = await loadRouterFacts(servicesOf(ctx.state), { siteId, nowMs: base.clock.nowMs() });
    if (!facts) throw new HttpError(404);
    const text = renderTemplate(template, facts);
    if (!text.ok) {
      const words = text.error.map((fault) => `${fault.what}: ${fault.words}\n`).join("");
      return new Response(`No file can be made\n${words}`, {
        status: 422,
        headers: { "content-type": "text/plain; charset=utf-8" },
      });
    }
    const { id, version, ending } = template;
    await keepRouterFile(servicesOf(ctx.state).db, authorOf(ctx.state), {
      siteId,
      template: id,
      version,
      madeFrom: madeFrom(facts),
      text: text.value,
    });
    return new Response(text.value, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": `attachment; filename="${fileNameOf(facts.siteName)}-${id}.${ending}"`,
      },
    });
  },
});
