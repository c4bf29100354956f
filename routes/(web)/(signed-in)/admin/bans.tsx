/**
 * Addresses that the host keeps out, and the end of a ban.
 *
 * @module
 */

import { page } from "fresh";
import { readBanned } from "../../../../lib/domain/ban.ts";
import { BansPage, type BansPageProps } from "../../../../lib/ui/pages/BansPage.tsx";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { writeDown } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { line, readForm, requireBody } from "../../../../lib/web/form.ts";
import {
  askForEnd,
  banNamed,
  bansPageProps,
  readAsked,
  readBans,
} from "../../../../lib/web/pages/bans_view.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, type State } from "../../../../lib/web/state.ts";

const PATH = "/admin/bans";

const FIELDS = { address: line({ min: 1, max: 60 }) };

/** What was just done. */
interface Acted {
  readonly ended?: string | null;
  readonly isGone?: boolean;
}

async function load(state: State, { ended = null, isGone = false }: Acted): Promise<BansPageProps> {
  const { config, clock } = state.base;
  state.title = "Bans";
  const [told, asked] = await Promise.all([readBans(config), readAsked(config)]);
  const mayChange = mightDo(state, "settings.change");
  return bansPageProps({ told, asked, nowMs: clock.nowMs(), mayChange, ended, isGone });
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const away = mightDo(ctx.state, "settings.change") ? await confirmFirst(ctx, PATH) : null;
    if (away) return away;
    const ended = readBanned(ctx.url.searchParams.get("ended") ?? "");
    return page<BansPageProps>(await load(ctx.state, { ended }));
  },
  async POST(ctx) {
    allow(ctx, "settings.change");
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const { config, clock } = ctx.state.base;
    const form = readForm(await requireBody(ctx), FIELDS);
    const ban = form.ok ? banNamed(await readBans(config), form.value.address) : null;
    // It may have ended meanwhile.
    if (ban === null) {
      return page<BansPageProps>(await load(ctx.state, { isGone: true }), { status: form.ok ? 409 : 422 });
    }
    const { address, jail } = ban;
    // Written down first: what cannot be written down is not done.
    await writeDown(ctx.state, { action: "ban-ended", subject: `address ${address}`, after: { jail } });
    await askForEnd(config, { address, askedMs: clock.nowMs() });
    return redirectTo(`${PATH}?ended=${encodeURIComponent(address)}`);
  },
});

export default define.page<typeof handler>(({ data }) => <BansPage {...data} />);
