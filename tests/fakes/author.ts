/**
 * Somebody who does something that is written down, for tests of what is done.
 *
 * @module
 */

import type { Author } from "../../lib/store/audit.ts";
import { sealBy } from "../../lib/store/keys.ts";

/** Seals by a key that is no secret. */
export const TEST_SEAL = sealBy(new Uint8Array(32).fill(7));

/** Nobody in particular, at an instant in epoch milliseconds. */
export function authorAt(atMs: number, more: Partial<Author> = {}): Author {
  const origin = "203.0.113.7";
  return { atMs, actor: "test", userId: null, origin, requestId: null, seal: TEST_SEAL, ...more };
}
