/**
 * What may be dialled, as administrators say it now: read anew at most every 30 seconds, so that a network that was
 * taken away is not dialled any more. Without the database the last answer holds; without any, no private network.
 *
 * @module
 */
import type { Clock } from "../lib/clock.ts";
import type { NamedService } from "../lib/config.ts";
import {
  type AllowedPlaces,
  type DialPolicy,
  type OwnService,
  resolveServices,
} from "../lib/domain/dial_policy.ts";

/** What the source needs. */
export interface PolicySourceOptions {
  /** The time. */
  readonly clock: Clock;
  /** Whether sites on this machine may be dialled. */
  readonly loopbackAllowed: boolean;
  /** Services of the product that the configuration names. */
  readonly services: readonly NamedService[];
  /** What administrators allow, the services that the settings name, and addresses that are never a site's. */
  readonly read: () => Promise<{
    readonly places: AllowedPlaces;
    readonly services: readonly NamedService[];
    readonly own?: readonly OwnService[];
  }>;
  /** The addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
}

/** Milliseconds for which an answer holds. */
export const POLICY_MS = 30_000;

/** Milliseconds after which it is asked again when there was no answer. */
const RETRY_MS = 2_000;

/** Milliseconds that a visit waits for a new answer while there is an old one. */
const PATIENCE_MS = 2_000;

const NOTHING: AllowedPlaces = { networks: [], ports: [] };

/** Makes the source. */
export function createPolicySource(options: PolicySourceOptions): () => Promise<DialPolicy> {
  const { clock, loopbackAllowed } = options;
  let last: DialPolicy | null = null;
  let askAgainMs = -Infinity;
  let asking: Promise<DialPolicy> | null = null;
  const ask = async (): Promise<DialPolicy> => {
    try {
      const { places, services, own: named = [] } = await options.read();
      const own = await resolveServices([...options.services, ...services], options.resolve);
      last = { ...places, loopbackAllowed, own: [...own, ...named] };
      askAgainMs = clock.monotonicMs() + POLICY_MS;
      return last;
    } catch {
      askAgainMs = clock.monotonicMs() + RETRY_MS; // whoever needs the database besides says that it is away
      return last ??
        { ...NOTHING, loopbackAllowed, own: await resolveServices(options.services, options.resolve) };
    }
  };
  return async () => {
    if (last && clock.monotonicMs() < askAgainMs) return last;
    asking ??= ask().finally(() => asking = null);
    if (!last) return await asking;
    const over = new AbortController();
    const late = clock.sleep(PATIENCE_MS, over.signal).then(() => null);
    const policy = await Promise.race([asking, late]);
    over.abort();
    return policy ?? last;
  };
}
