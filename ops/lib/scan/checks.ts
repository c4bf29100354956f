/**
 * All checks of a scan, in the order in which they are run: what is quick and certain first.
 *
 * @module
 */

import { advisoriesCheck, type AskAdvisories } from "./advisories.ts";
import type { Check } from "./check.ts";
import { hardeningCheck } from "./hardening.ts";
import { portsCheck } from "./ports.ts";
import { secretsCheck } from "./secrets.ts";
import { sshdCheck } from "./sshd.ts";
import { tlsCheck } from "./tls.ts";
import { unitsCheck } from "./units.ts";
import { webCheck } from "./web.ts";

/** All of them. */
export function allChecks(ask: AskAdvisories): readonly Check[] {
  return [
    sshdCheck,
    unitsCheck,
    hardeningCheck,
    secretsCheck,
    advisoriesCheck(ask),
    portsCheck,
    tlsCheck,
    webCheck,
  ];
}
