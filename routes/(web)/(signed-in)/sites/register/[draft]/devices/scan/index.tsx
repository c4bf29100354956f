/**
 * Looks for units that answer behind a port of a site that is being registered.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { hasAddresses } from "../../../../../../../../lib/domain/registration.ts";
import type { Limit } from "../../../../../../../../lib/kv/limits.ts";
import { err, ok } from "../../../../../../../../lib/result.ts";
import { readDraft } from "../../../../../../../../lib/store/site_drafts.ts";
import { findUser } from "../../../../../../../../lib/store/users.ts";
import {
  DevicesStepPage,
  type DevicesStepPageProps,
} from "../../../../../../../../lib/ui/pages/register/DevicesStepPage.tsx";
import { writeDown } from "../../../../../../../../lib/web/author.ts";
import { type FieldErrors, readForm, requireBody } from "../../../../../../../../lib/web/form.ts";
import { jsonAnswer } from "../../../../../../../../lib/web/json.ts";
import { wantsLines } from "../../../../../../../../lib/web/lines.ts";
import {
  devicePage,
  FAR_TWIN,
  isFarTwin,
  scanKey,
  scansIn,
} from "../../../../../../../../lib/web/pages/register/device_page.ts";
import { devicePath } from "../../../../../../../../lib/web/pages/register/device_view.ts";
import { linesOfScan } from "../../../../../../../../lib/web/pages/register/scan_lines.ts";
import { type OpenDraft, openDraft, stepPath } from "../../../../../../../../lib/web/pages/register/draft.ts";
import { number } from "../../../../../../../../lib/web/pages/register/fields.ts";
import { redirectTo } from "../../../../../../../../lib/web/redirect.ts";
import type { ScanRefusal, ScanWish } from "../../../../../../../../lib/web/scans.ts";
import { define, type State } from "../../../../../../../../lib/web/state.ts";
import { countPerson } from "../../../../../../../../lib/web/too_many.ts";
import { liveParts } from "../(_live)/parts.tsx";

/** Scans of one person: 30 in ten minutes. */
const SCANS: Limit = { name: "unit-scan", tries: 30, windowMs: 600_000 };

const UNIT = number({ least: 0, most: 255 });

const REFUSALS: Readonly<Record<ScanRefusal, string>> = {
  "running": "A scan of this site is running: stop it first",
  "too-many": "As many scans are running as there may be: wait for one to end",
  "no-units": "None of these units can be asked: 1 to 247 behind a gateway",
};

export const handler = define.handlers({
  /** Tells how the scan stands until it has ended; a page is elsewhere. */
  async GET(ctx) {
    const draft = await openDraft(ctx);
    if (wantsLines(ctx.req)) return linesOfScan(ctx.state, draft, ctx.req.signal);
    return redirectTo(stepPath(draft.record.id, "devices"));
  },
  async POST(ctx) {
    const draft = await openDraft(ctx);
    const { router } = draft.record.registration;
    const form = await requireBody(ctx);
    const text = (name: string) => (form.get(name) ?? "").slice(0, 10);
    const typed = { endpointId: text("scanEndpointId"), from: text("scanFrom"), to: text("scanTo") };
    const inLines = wantsLines(ctx.req);
    const again = (faults: FieldErrors) => {
      if (inLines) return jsonAnswer({ faults }, { status: 422 });
      const shown = devicePage(ctx.state, draft, { device: null, scan: { typed, faults } });
      return page<DevicesStepPageProps>(shown, { status: 422 });
    };
    const endpoint = router?.endpoints.find(({ id }) => String(id) === typed.endpointId);
    const read = readForm<
      { readonly scanFrom: number; readonly scanTo: number; readonly scanEndpointId: string }
    >(form, {
      scanEndpointId: (one) => endpoint ? ok(one ?? "") : err("Choose a port of the router"),
      scanFrom: UNIT,
      scanTo: UNIT,
    });
    if (!read.ok) return again(read.error);
    const { scanFrom: from, scanTo: to } = read.value;
    if (to < from) return again({ scanTo: `Unit ${to} comes before unit ${from}` });
    if (!hasAddresses(router) || !endpoint) return again({ scanEndpointId: "Choose a port of the router" });
    const wish = {
      ...scanKey(draft),
      place: { paths: router.paths, endpoint },
      range: { from, to },
      stillMay: () => hasSameRights(draft),
    };
    const refusal = scansIn(ctx.state, draft).refuses(wish);
    if (refusal !== null) return again({ scanFrom: REFUSALS[refusal] });
    await countPerson(ctx.state, SCANS);
    if (await isFarTwin(draft, wish.place)) return again({ scanEndpointId: FAR_TWIN });
    const begun = await begin(ctx.state, draft, wish);
    if (begun !== null) return again({ scanFrom: REFUSALS[begun] });
    if (inLines) return linesOfScan(ctx.state, draft, ctx.req.signal);
    return redirectTo(devicePath(draft.record.id, "new"));
  },
});

/** Whether whoever began it is let in as before: neither locked nor given other rights. */
async function hasSameRights({ user, services: { db } }: OpenDraft): Promise<boolean> {
  return (await findUser(db, user.id))?.sessionEpoch === user.sessionEpoch;
}

/** Begins a scan that is written down; why it was not begun, `null`: it was. */
async function begin(state: State, draft: OpenDraft, wish: ScanWish): Promise<ScanRefusal | null> {
  const { record, user, services } = draft;
  const { paths, endpoint } = wish.place;
  await writeDown(state, {
    action: "units-scanned",
    subject: `draft ${record.id}`,
    after: { hosts: paths.map(({ host }) => host), port: endpoint.port, ...wish.range },
  });
  const scans = scansIn(state, draft);
  const begun = scans.begin(wish);
  if (!begun.ok) return begun.error;
  // A draft that was removed or started meanwhile takes its scan along.
  if (await readDraft(services.db, { draftId: record.id, ownerId: user.id })) return null;
  await scans.forget(scanKey(draft));
  throw new HttpError(404);
}

export default define.page<typeof handler>(({ data }) => (
  <DevicesStepPage
    {...data}
    parts={liveParts(data)}
  />
));
