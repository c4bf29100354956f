/**
 * What Wattpost itself costs a SIM, and what the rest may be. Pure. Our sockets count the bytes of Modbus TCP; what TCP
 * and IP put around them is estimated, because nobody counts it for us:
 *
 * - A packet has 52 bytes of headers: IPv4 20, TCP 20, timestamps 12 (RFC 7323, on by default in Linux).
 * - A request is three packets: the question, the answer, and an acknowledgement that rides on neither.
 * - A connection that was made and closed is seven packets without content, 380 bytes with the options of SYN.
 *
 * @module
 */

/** Bytes that a request adds to its content: three packets of 52. */
export const REQUEST_OVERHEAD_B = 156;

/** Bytes of making and closing a connection: SYN and its answer of 60, five packets of 52. */
export const CONNECTION_OVERHEAD_B = 380;

/** Our tries of some time. */
export interface OwnTries {
  /** Connections that were tried. */
  readonly connections: number;
  /** Requests that were sent. */
  readonly requests: number;
  /** Bytes of Modbus TCP, both ways. */
  readonly contentB: number;
}

/** Bytes over the air of our tries, both ways, estimated. */
export function ownBytesOf({ connections, requests, contentB }: OwnTries): number {
  return contentB + requests * REQUEST_OVERHEAD_B + connections * CONNECTION_OVERHEAD_B;
}

/** Seconds of a month: a twelfth of a year of 365.25 days. */
const MONTH_S = 2_629_800;

/** What is known to use data beside us. */
export interface OtherCause {
  /** Which. */
  readonly id: "pings-3s" | "pings-10s" | "pings-60s" | "wireguard" | "behind-the-router" | "unit-of-counter";
  /** Bytes a month; `null`: as much as there is. */
  readonly monthB: number | null;
}

/** Bytes of a ping and its answer: 84 each way (IPv4 20, ICMP 8, data 56). */
const PING_B = 168;

/** Bytes of a WireGuard keepalive: 60 each way (IPv4 20, UDP 8, WireGuard 32), answered by the other side's own. */
const KEEPALIVE_B = 120;

/** The largest first. */
const CAUSES: readonly OtherCause[] = [
  { id: "pings-3s", monthB: Math.round(MONTH_S / 3 * PING_B) },
  { id: "pings-10s", monthB: Math.round(MONTH_S / 10 * PING_B) },
  { id: "wireguard", monthB: Math.round(MONTH_S / 25 * KEEPALIVE_B) },
  { id: "pings-60s", monthB: Math.round(MONTH_S / 60 * PING_B) },
];

/** Other traffic below which it is not worth a cause: 2 MB a month are a router's clock and names. */
const WORTH_B = 2e6;

/** What the router counted beside us. */
export interface OtherTraffic {
  /** Bytes of the router less ours; below 0: it counted less than we sent. */
  readonly bytes: number;
  /** The same for a whole month. */
  readonly monthB: number;
  /** What it may be, the largest that fits first; empty: too little to ask. */
  readonly causes: readonly OtherCause[];
}

/**
 * Names the difference between the router's bytes and ours.
 *
 * @param days Days that both are of; below half a day nothing is scaled to a month.
 */
export function otherTrafficOf(
  { routerB, ownB, days }: { readonly routerB: number; readonly ownB: number; readonly days: number },
): OtherTraffic {
  const bytes = routerB - ownB;
  const monthB = days < 0.5 ? 0 : Math.round(bytes * MONTH_S / (days * 86_400));
  // A tenth of ours is within what the estimate of the headers may be off.
  if (ownB > 0 && bytes < -0.1 * ownB) {
    return { bytes, monthB, causes: [{ id: "unit-of-counter", monthB: null }] };
  }
  if (monthB < WORTH_B) return { bytes, monthB, causes: [] };
  const fitting = CAUSES.filter((cause) => cause.monthB !== null && cause.monthB <= monthB * 1.1);
  const explained = fitting[0]?.monthB ?? 0;
  const more = monthB > explained * 1.5 ? [{ id: "behind-the-router", monthB: null } as const] : [];
  return { bytes, monthB, causes: [...fitting, ...more] };
}
