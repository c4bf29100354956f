/**
 * One finding of the nightly check, and putting it aside with a reason.
 *
 * @module
 */

import { page } from "fresh";
import type { SitePlace } from "../../../../../../../../../lib/domain/permission.ts";
import { type AsideTrouble, putFindingAside } from "../../../../../../../../../lib/store/findings.ts";
import { FindingPage, type FindingPageProps } from "../../../../../../../../../lib/ui/pages/FindingPage.tsx";
import { allowSite, mightDo } from "../../../../../../../../../lib/web/allow.ts";
import { authorOf } from "../../../../../../../../../lib/web/author.ts";
import { requireBody, typed } from "../../../../../../../../../lib/web/form.ts";
import {
  CHECKS_PATH,
  findingPageOf,
  readAsideForm,
  untilMsOf,
} from "../../../../../../../../../lib/web/pages/checks_view.ts";
import { redirectTo } from "../../../../../../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../../../../../../lib/web/state.ts";
import { deviceFinder } from "../../../../../../(_devices)/find_device.ts";
import { findingOf } from "../(_finding)/finding_of.ts";

const TROUBLES: Readonly<Record<AsideTrouble, string>> = {
  gone: "It was cleared meanwhile: nothing is left to put aside",
  changed: "It is another one meanwhile: look again",
};

export const handler = define.handlers({
  async GET(ctx) {
    const place = await allowSite(ctx, "site.see");
    return page<FindingPageProps>(await load(ctx.state, ctx.params, place));
  },
  async POST(ctx) {
    const place = await allowSite(ctx, "site.devices");
    const props = await load(ctx.state, ctx.params, place);
    const body = await requireBody(ctx);
    const read = readAsideForm(body);
    const { reason = "", until = "" } = typed(body, ["reason", "until"]);
    const again = (faults: FindingPageProps["faults"]) =>
      page<FindingPageProps>({ ...props, values: { reason, until }, faults }, { status: 422 });
    if (!read.ok) return again(read.error);
    const { db } = servicesOf(ctx.state);
    const by = authorOf(ctx.state);
    const { kind, meterId } = await findingOf(ctx.state, ctx.params, place.id);
    const untilMs = untilMsOf(read.value.until, by.atMs);
    const wish = { siteId: place.id, meterId, kind, reason: read.value.reason, key: read.value.key, untilMs };
    const put = await putFindingAside(db, by, wish);
    return put.ok ? redirectTo(`${CHECKS_PATH}?done=aside`) : again({ "": TROUBLES[put.error] });
  },
});

async function load(
  state: State,
  params: Readonly<Record<string, string>>,
  place: SitePlace,
): Promise<FindingPageProps> {
  const { found } = await findingOf(state, params, place.id);
  const findDevice = await deviceFinder(servicesOf(state), place.id);
  const props = findingPageOf(found, {
    nowMs: state.base.clock.nowMs(),
    model: findDevice(found.profileId)?.label,
    mayPutAside: mightDo(state, "site.devices", place),
    mayRead: mightDo(state, "site.read-now", place),
  });
  state.title = `${props.title} ${found.meterName}`;
  return props;
}

export default define.page<typeof handler>(({ data }) => <FindingPage {...data} />);
