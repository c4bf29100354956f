/**
 * Setting a second factor up on the way in: for whoever's role must have one and who has none.
 *
 * @module
 */

import { page } from "fresh";
import { tellOwner } from "../../../lib/auth/owner_notice.ts";
import { countPendingTry, finishPending, type Pending } from "../../../lib/auth/pending.ts";
import { CODE_MAX_LENGTH } from "../../../lib/auth/second_factor.ts";
import { seedAddress } from "../../../lib/auth/totp.ts";
import { beginSeed, confirmSeed } from "../../../lib/auth/totp_setup.ts";
import { SecondStepPage, type SecondStepPageProps } from "../../../lib/ui/pages/SecondStepPage.tsx";
import { admissionHeaders, admitHere, pathOf } from "../../../lib/web/admitted.ts";
import { authorOf } from "../../../lib/web/author.ts";
import { line, readForm, requireBody } from "../../../lib/web/form.ts";
import { letterServicesOf } from "../../../lib/web/letters.ts";
import { pendingOf, startAgain } from "../../../lib/web/pending.ts";
import { define, servicesOf, type State } from "../../../lib/web/state.ts";

const FIELDS = { code: line({ min: 1, max: CODE_MAX_LENGTH }) };

/** Neither the seed nor the codes are kept by anybody on the way. */
const NOT_KEPT: [string, string] = ["cache-control", "no-store"];

export const handler = define.handlers({
  async GET(ctx) {
    const pending = await pendingOf(ctx, "set-up");
    if (!pending) return startAgain();
    return page(await formOf(ctx.state, pending, null), { headers: [NOT_KEPT] });
  },
  async POST(ctx) {
    const { state } = ctx;
    const services = letterServicesOf(state);
    const form = readForm(await requireBody(ctx), FIELDS);
    // A body may take its time: what is half done is looked at after it.
    const found = await pendingOf(ctx, "set-up");
    if (!found) return startAgain();
    const again = async (fault: string) =>
      page(await formOf(state, found, fault), { status: 422, headers: [NOT_KEPT] });
    if (!form.ok) return await again(form.error.code ?? form.error[""] ?? "");
    const by = { ...authorOf(state), actor: found.user.email, userId: found.user.id };
    const pending = await countPendingTry(services.kv, found, by.atMs);
    if (!pending) return startAgain();
    const first = { holder: pending.key, user: pending.user, typed: form.value.code };
    const set = await confirmSeed(services, by, first);
    if (!set.ok) {
      return set.error === "over"
        ? startAgain()
        : await again("This code is not right: type the one that your app shows now");
    }
    const { user, codes } = set.value;
    tellOwner(services, by, { user, change: "second-factor-set" });
    // The seed was spent: of two who confirm at once one comes this far.
    await finishPending(services.kv, pending);
    const admission = await admitHere(ctx, { user, how: "second-factor", back: pending.pending.back });
    state.title = "Your recovery codes";
    return page<SecondStepPageProps>({ kind: "codes", codes, href: pathOf(admission) }, {
      headers: [NOT_KEPT, ...await admissionHeaders(ctx, admission)],
    });
  },
});

async function formOf(
  state: State,
  { key, user }: Pending,
  fault: string | null,
): Promise<SecondStepPageProps> {
  state.title = "Set up a second factor";
  const { clock, config: { publicUrl } } = state.base;
  const seed = await beginSeed(servicesOf(state), { holder: key, nowMs: clock.nowMs() });
  const address = seedAddress({ seed, email: user.email, publicUrl });
  return { kind: "set-up", seed, address, fault };
}

export default define.page<typeof handler>(({ data }) => <SecondStepPage {...data} />);
