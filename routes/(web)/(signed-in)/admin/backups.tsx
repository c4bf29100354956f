/**
 * Backups of the host and when one was last restored on trial.
 *
 * @module
 */

import { page } from "fresh";
import { seeBackups } from "../../../../lib/health/backup.ts";
import { seeRestores } from "../../../../lib/health/restore.ts";
import { BackupsPage, type BackupsPageProps } from "../../../../lib/ui/pages/BackupsPage.tsx";
import { allow } from "../../../../lib/web/allow.ts";
import { backupsPageProps } from "../../../../lib/web/pages/backups_view.ts";
import { define } from "../../../../lib/web/state.ts";

export const handler = define.handlers({
  async GET(ctx) {
    allow(ctx, "settings.see");
    const { config, clock } = ctx.state.base;
    ctx.state.title = "Backups";
    const [backups, restores] = await Promise.all([
      seeBackups(config.hostDir, clock),
      seeRestores(config.hostDir, clock),
    ]);
    return page<BackupsPageProps>(backupsPageProps({ backups, restores }, clock.nowMs()));
  },
});

export default define.page<typeof handler>(({ data }) => <BackupsPage {...data} />);
