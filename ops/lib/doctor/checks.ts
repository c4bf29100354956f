/**
 * All checks of an installation, in the order in which somebody who mends it should read them.
 *
 * @module
 */

import { appCheck, settingsCheck } from "./app_checks.ts";
import type { DoctorCheck } from "./context.ts";
import { collectionCheck, databaseCheck, migrationsCheck, secretsCheck } from "./database_checks.ts";
import { clockCheck, diskCheck, kvCheck, portsCheck } from "./host_checks.ts";
import { mailCheck, routersCheck, smsCheck } from "./reach_checks.ts";
import { backupCheck, certificateCheck, restoreCheck } from "./told_checks.ts";

/** The checks; without settings none of the others says anything, so that one is first. */
export const DOCTOR_CHECKS: readonly DoctorCheck[] = [
  settingsCheck,
  appCheck,
  databaseCheck,
  migrationsCheck,
  secretsCheck,
  kvCheck,
  diskCheck,
  clockCheck,
  collectionCheck,
  routersCheck,
  mailCheck,
  smsCheck,
  certificateCheck,
  backupCheck,
  restoreCheck,
  portsCheck,
];
