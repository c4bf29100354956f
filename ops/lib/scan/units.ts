/**
 * How much our own systemd units may, by `systemd-analyze security`.
 *
 * @module
 */

import type { Finding } from "../../../lib/domain/scan.ts";
import { type Check, lacking, NO_PROGRAM, notRun } from "./check.ts";

const FOLDER = "/etc/systemd/system";

/** Units of ours; those with an instance are looked at by name. */
const OURS = /^wattpost[a-z-]*@?\.service$/;

/** Most exposure of the app, which strangers talk to; of 10. */
const APP_MOST = 3;

/** Most exposure of what root runs for the host: it changes the system, and nobody talks to it. */
const HOST_MOST = 9.6;

/** The check. */
export const unitsCheck: Check = {
  name: "units",
  about: "how much our own units may (systemd-analyze security)",
  async run({ run, list }) {
    const files = (await list(FOLDER)).filter((name) => OURS.test(name)).toSorted();
    if (files.length === 0) {
      return notRun(`there are no units of ours in ${FOLDER}: this host was not set up`);
    }
    const found: Finding[] = [];
    for (const file of files) {
      const name = file.replace("@.service", "@scan.service");
      const { code, out, err: words } = await run(["systemd-analyze", "--no-pager", "security", name]);
      if (code === NO_PROGRAM) return lacking("systemd-analyze", "systemd");
      const exposure = parseExposure(out);
      if (code !== 0 || exposure === null) {
        return notRun(
          `systemd-analyze says nothing certain of ${name} (code ${code}): ${words.trim().slice(0, 200)}`,
        );
      }
      found.push(...judgeExposure(file, exposure));
    }
    return { kind: "ran", looked: files.join(", "), findings: found };
  },
};

/** How exposed a unit is, 0 to 10; `null`: it is not said. */
export function parseExposure(text: string): number | null {
  const [, exposure] = /Overall exposure level for \S+: (\d+(?:\.\d+)?) /.exec(text) ?? [];
  return exposure === undefined ? null : Number(exposure);
}

/** Whether a unit may more than it should. */
export function judgeExposure(unit: string, exposure: number): readonly Finding[] {
  const isApp = unit.startsWith("wattpost@");
  const most = isApp ? APP_MOST : HOST_MOST;
  if (exposure <= most) return [];
  return [{
    check: "units",
    id: `exposure-${unit}`,
    severity: isApp ? "high" : "low",
    what: `The exposure of ${unit} is ${exposure}, expected at most ${most}`,
    where: `${FOLDER}/${unit}`,
    remedy:
      `systemd-analyze security ${unit} names what it may; deno task host check says whether it was changed`,
  }];
}
