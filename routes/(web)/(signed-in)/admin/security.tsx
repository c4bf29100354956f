/**
 * Which roles must have a second factor, and the rules that hold anyway.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import type { Role } from "../../../../lib/domain/permission.ts";
import { listCheckpoints, newestCheckpoint } from "../../../../lib/store/checkpoints.ts";
import {
  listFactorStandings,
  readRequiredRoles,
  requireSecondFactor,
} from "../../../../lib/store/second_factor_setting.ts";
import { SecurityPage, type SecurityPageProps } from "../../../../lib/ui/pages/SecurityPage.tsx";
import { allow, mightDo } from "../../../../lib/web/allow.ts";
import { authorOf } from "../../../../lib/web/author.ts";
import { confirmFirst } from "../../../../lib/web/confirmed.ts";
import { requireBody } from "../../../../lib/web/form.ts";
import { hasSecondFactor } from "../../../../lib/web/pages/people_view.ts";
import {
  ownRoleFault,
  readSecurityForm,
  roleFactorRow,
  savedCountOf,
  securityRules,
  tickedRoles,
} from "../../../../lib/web/pages/security_view.ts";
import { redirectTo } from "../../../../lib/web/redirect.ts";
import { define, servicesOf, type State } from "../../../../lib/web/state.ts";

const PATH = "/admin/security";

async function load(state: State): Promise<SecurityPageProps> {
  const { db, box } = servicesOf(state);
  state.title = "Security";
  const { user } = state;
  const [{ value, version }, standings, seq] = await Promise.all([
    readRequiredRoles(db),
    listFactorStandings(db),
    newestCheckpoint(db),
  ]);
  const [checkpoint = null] = seq > 0 ? await listCheckpoints(db, { after: seq - 1, limit: 1 }) : [];
  return {
    rows: standings.map(roleFactorRow),
    ticked: value,
    version,
    faults: {},
    ownLacking: user && !hasSecondFactor(user) ? user.role : null,
    saved: null,
    mayChange: mightDo(state, "settings.change"),
    rules: securityRules({ keyId: box.keyId, checkpoint }),
  };
}

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    // What is ticked would be lost by asking later; whoever only looks is asked nothing.
    const away = mightDo(ctx.state, "settings.change") ? await confirmFirst(ctx, PATH) : null;
    if (away) return away;
    const saved = savedCountOf(ctx.url.searchParams);
    return page<SecurityPageProps>({ ...await load(ctx.state), saved });
  },
  async POST(ctx) {
    allow(ctx, "settings.change");
    const { state } = ctx;
    const { db } = servicesOf(state);
    if (!state.user) throw new HttpError(401);
    const body = await requireBody(ctx);
    const ticked: readonly Role[] = tickedRoles(body);
    const again = async (faults: SecurityPageProps["faults"], status: number) =>
      page<SecurityPageProps>({ ...await load(state), ticked, faults }, { status });
    const draft = readSecurityForm(body);
    if (!draft.ok) return await again(draft.error, 422);
    const fault = ownRoleFault(state.user, draft.value.roles);
    if (fault) return await again(fault, 422);
    const away = await confirmFirst(ctx, PATH);
    if (away) return away;
    const saved = await requireSecondFactor(db, authorOf(state), draft.value);
    if (!saved.ok) {
      return await again({ "": "Somebody else changed this meanwhile: look and save again" }, 409);
    }
    return redirectTo(`${PATH}?saved=${saved.value.signedOut}`);
  },
});

export default define.page<typeof handler>(({ data }) => <SecurityPage {...data} />);
