/**
 * The step that makes nginx of a host: its configuration tried as a copy before it is moved into place, its pages, and
 * logs that nobody else reads.
 *
 * @module
 */

import { dirname } from "node:path";
import { file, folder, packages, type Part, type Reaction, step, unit } from "./kit.ts";
import { PATHS } from "./layout.ts";
import { nginxConfig } from "./nginx.ts";
import type { Drift, Host, StepMaker } from "./step.ts";

/** Where nginx reads its configuration. */
const NGINX_FILE = "/etc/nginx/nginx.conf";

/** The unit of the distribution's package. */
const NGINX_UNIT = "nginx.service";

/** What nginx is told after a change: streams go on with the workers of before until they end. */
const NGINX_RELOAD: Reaction = {
  name: "nginx reads its files",
  guard: ["nginx", "-t", "-q"],
  argv: ["systemctl", "try-reload-or-restart", NGINX_UNIT],
};

/** nginx; needs the pair of certificates. */
export const nginxSteps: StepMaker = (described, facts) => {
  const { config, pages } = nginxConfig(described, facts);
  const then = [NGINX_RELOAD];
  const logs = [PATHS.accessLog, PATHS.errorLog, PATHS.limitLog];
  return [
    step(
      "nginx: TLS, limits and the way to the app",
      "Nothing but nginx is reached from outside by browsers",
      [
        packages(["nginx"]),
        folder({ path: dirname(PATHS.pages), mode: 0o755, owner: "root:root" }),
        folder({ path: PATHS.pages, mode: 0o755, owner: "root:root" }),
        folder({ path: dirname(PATHS.maintenance), mode: 0o755, owner: "root:root", whole: true }),
        ...Object.entries(pages).map(([name, text]) => file({ path: `${PATHS.pages}/${name}`, text })),
        ...logs.map((path) => nginxLog(path)),
        file({ path: NGINX_FILE, text: config, verify: (copy) => ["nginx", "-t", "-q", "-c", copy], then }),
        unit({ name: NGINX_UNIT, enabled: true, active: true }),
      ],
    ),
  ];
};

const LOG = { mode: 0o640, owner: "www-data:adm" } as const;

/** A log that is there before nginx would make it for everybody to read. Kept when all is removed. */
function nginxLog(path: string): Part {
  return {
    check: (on) => logDrift(on, path),
    async apply(on) {
      const there = await on.stat(path);
      if (there === null) await on.write(path, { text: "", ...LOG });
      else await on.setModes(path, LOG);
    },
    undo: () => Promise.resolve(),
  };
}

async function logDrift(on: Host, path: string): Promise<readonly Drift[]> {
  const there = await on.stat(path);
  if (there?.kind === "file" && there.mode === LOG.mode && there.owner === LOG.owner) return [];
  const is = there ? `${there.kind}, ${there.mode.toString(8)} ${there.owner}` : "not there";
  const expected = `a log, ${LOG.mode.toString(8)} ${LOG.owner}`;
  return [{ what: path, is, expected, does: [`give ${path} to ${LOG.owner}, mode ${LOG.mode.toString(8)}`] }];
}
