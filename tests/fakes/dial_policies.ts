/**
 * What may be dialled in tests.
 *
 * @module
 */
import type { DialPolicy } from "../../lib/domain/dial_policy.ts";

/** Nothing that needs leave. */
export const STRICT: DialPolicy = { loopbackAllowed: false, networks: [], ports: [], own: [] };

/** Sites on this machine, at any port. */
export const LOOPBACK: DialPolicy = { ...STRICT, loopbackAllowed: true };
