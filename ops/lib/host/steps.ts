/**
 * All steps of a host, in the order in which they are applied; they are undone backwards.
 *
 * @module
 */

import { backupSteps } from "./backup_steps.ts";
import { banSteps, requestSteps } from "./bans_steps.ts";
import { baseSteps } from "./base_steps.ts";
import { certificateSteps, pairSteps } from "./certificate_steps.ts";
import type { HostDescription } from "./description.ts";
import { firewallSteps } from "./firewall_steps.ts";
import { nginxSteps } from "./nginx_steps.ts";
import { reachSteps } from "./reach_steps.ts";
import type { HostFacts, Step, StepMaker } from "./step.ts";
import { vpnSteps } from "./vpn_steps.ts";

const MAKERS: readonly StepMaker[] = [
  reachSteps,
  baseSteps,
  pairSteps,
  nginxSteps,
  certificateSteps,
  firewallSteps,
  vpnSteps,
  banSteps,
  requestSteps,
  backupSteps,
];

/** The steps that make a host as it is described. */
export function stepsOf(described: HostDescription, facts: HostFacts): readonly Step[] {
  return MAKERS.flatMap((make) => make(described, facts));
}
