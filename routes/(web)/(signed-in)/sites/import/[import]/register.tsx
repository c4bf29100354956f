/**
 * Asks once more, and registers the good rows of an import.
 *
 * @module
 */

import { HttpError, page } from "fresh";
import { countRows } from "../../../../../../lib/domain/site_import.ts";
import { endMsOf, halfHourOf } from "../../../../../../lib/domain/half_hour.ts";
import { readOutcomes } from "../../../../../../lib/store/import_sites.ts";
import { moveImport } from "../../../../../../lib/store/site_imports.ts";
import {
  AskRegisterPage,
  type AskRegisterProps,
} from "../../../../../../lib/ui/pages/imports/ImportAskPages.tsx";
import { authorOf } from "../../../../../../lib/web/author.ts";
import { readForm, requireBody } from "../../../../../../lib/web/form.ts";
import { goodSites, letOthersWork, registerImport } from "../../../../../../lib/web/imports/acts.ts";
import {
  deskOf,
  importPath,
  type OpenImport,
  openImport,
  workKey,
} from "../../../../../../lib/web/pages/imports/open_import.ts";
import { timeLabel } from "../../../../../../lib/web/pages/register/draft.ts";
import { fleetZone } from "../../../../../../lib/web/pages/zone.ts";
import { redirectTo } from "../../../../../../lib/web/redirect.ts";
import { define } from "../../../../../../lib/web/state.ts";

const FROM = ["judged", "committing"] as const;

export const handler = define.handlers({
  async GET(ctx) {
    const open = await openImport(ctx);
    const { record, services: { db }, user } = open;
    const path = importPath(record.id);
    if (!canRegister(open)) return redirectTo(`${path}?told=gone`);
    const nowMs = ctx.state.base.clock.nowMs();
    const sites = await goodSites(db, record, letOthersWork);
    const known = (await readOutcomes(db, record.id)).filter(({ siteId }) => siteId !== null);
    const counts = countRows(record.letters);
    const zone = await fleetZone(db, { reaches: [user.reach], nowMs });
    return page<AskRegisterProps>({
      fileName: record.fileName,
      href: path,
      action: `${path}/register`,
      rows: counts.good + counts.warn,
      sites: sites.size,
      already: known.length,
      left: counts.refused + counts.held,
      beginsLabel: timeLabel(endMsOf(halfHourOf(nowMs)), zone),
    });
  },
  async POST(ctx) {
    const open = await openImport(ctx);
    if (!readForm(await requireBody(ctx), {}).ok) throw new HttpError(422);
    const { record, services: { db }, works } = open;
    const path = importPath(record.id);
    if (!canRegister(open)) return redirectTo(`${path}?told=gone`);
    const desk = deskOf(ctx.state);
    const sites = await goodSites(db, record, letOthersWork);
    const begun = works.begin({
      ...workKey(open),
      kind: "register",
      of: sites.size,
      async run(tools) {
        const step = { importId: record.id, from: FROM, to: "committing" } as const;
        return await moveImport(db, authorOf(ctx.state), step)
          ? await registerImport(desk, record, tools)
          : "stopped";
      },
    });
    return redirectTo(begun.ok ? path : `${path}?told=busy`);
  },
});

function canRegister({ record }: OpenImport): boolean {
  const { good, warn } = countRows(record.letters);
  return good + warn > 0 && FROM.some((state) => state === record.state);
}

export default define.page<typeof handler>(({ data }) => <AskRegisterPage {...data} />);
