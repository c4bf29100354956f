/**
 * Which release answers, for those who watch a switch between two: said by `/livez` and `/readyz` alone, because it is
 * nobody's business on a page.
 *
 * @module
 */

import { RELEASE_HEADER } from "../domain/release_report.ts";
import type { Base } from "./state.ts";

/** The header of an answer of this release. */
export function releaseHeader({ config }: Pick<Base, "config">): Readonly<Record<string, string>> {
  return { [RELEASE_HEADER]: config.release };
}
