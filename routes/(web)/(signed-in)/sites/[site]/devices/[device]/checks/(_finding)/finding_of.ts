/**
 * The finding that a path names; what is no kind, and what nobody found, is a page that is not there.
 *
 * @module
 */

import { HttpError } from "fresh";
import { type FindingKind, isFindingKind } from "../../../../../../../../../lib/domain/finding.ts";
import { type FoundOnDevice, readFinding } from "../../../../../../../../../lib/store/findings.ts";
import { deviceIdOf } from "../../../../../../../../../lib/web/params.ts";
import { servicesOf, type State } from "../../../../../../../../../lib/web/state.ts";

/** A finding with what names it. */
export interface NamedFinding {
  /** As it stands. */
  readonly found: FoundOnDevice;
  /** Its kind. */
  readonly kind: FindingKind;
  /** Its device. */
  readonly meterId: number;
}

/** Looks up what the path names at a site within reach; 404 when there is none. */
export async function findingOf(
  state: State,
  params: Readonly<Record<string, string>>,
  siteId: number,
): Promise<NamedFinding> {
  const meterId = deviceIdOf(params);
  const kind = params["finding"] ?? "";
  if (!isFindingKind(kind)) throw new HttpError(404);
  const found = await readFinding(servicesOf(state).db, { siteId, meterId, kind });
  if (!found) throw new HttpError(404);
  return { found, kind, meterId };
}
