/**
 * Carries out replacements of meters that were announced, once their instant is over: before anything of the next
 * half-hour is claimed, so that its visits read the new meter.
 *
 * @module
 */
import { countingFinder } from "../lib/profiles/counting_profile.ts";
import { carryOut, listDueReplacements } from "../lib/store/device_announced.ts";
import type { CollectorTools } from "./tools.ts";

/** What it works with. */
export type AnnouncedTools = Pick<CollectorTools, "db" | "clock" | "findProfile" | "loadProfiles" | "log">;

/** Carries out what is due; throws a StoreError when the database fails. */
export async function carryOutDue(tools: AnnouncedTools): Promise<void> {
  const { db, clock, log } = tools;
  const nowMs = clock.nowMs();
  const due = await listDueReplacements(db, nowMs);
  if (due.length === 0) return;
  const load = tools.loadProfiles;
  const findProfile = await load?.(due.flatMap(({ profileIds }) => profileIds)) ?? tools.findProfile;
  const find = countingFinder(findProfile);
  for (const { id } of due) {
    if (await carryOut(db, id, { nowMs, find })) {
      log.info("A device was replaced as announced", { event: id });
    }
  }
}
