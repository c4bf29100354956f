/**
 * Around every answer of the app: a request id, a log line, and the content policy.
 *
 * @module
 */

import { csp } from "fresh";
import type { TrustProxy } from "../lib/config.ts";
import { themeOf } from "../lib/web/cookie.ts";
import { clientAddressOf } from "../lib/web/headers.ts";
import { requestIdOf } from "../lib/web/request_id.ts";
import { type Base, define, type State } from "../lib/web/state.ts";
import { createThrottle, type Throttle } from "../lib/web/throttle.ts";

const QUIET = new Set(["/livez", "/readyz", "/metrics"]);

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

const THROTTLES = new WeakMap<Base, Throttle>();

const frame = define.middleware(async (ctx) => {
  const { base } = ctx.state;
  const { config, clock, log } = base;
  const peer = "hostname" in ctx.info.remoteAddr ? ctx.info.remoteAddr.hostname : "unix";
  ctx.state.requestId = requestIdOf(ctx.req);
  // Only the proxy reaches a socket, so there it is always believed.
  const trustProxy: TrustProxy = peer === "unix" ? { kind: "whoever-connects" } : config.trustProxy;
  ctx.state.clientAddress = clientAddressOf(ctx.req.headers, { peer, trustProxy });
  ctx.state.theme = themeOf(ctx.req.headers);
  ctx.state.user = null;
  ctx.state.asker = null;
  ctx.state.asked = false;
  ctx.state.refusal = null;
  ctx.state.retryAfterS = null;
  ctx.state.sessionKey = null;
  ctx.state.title = "Wattpost";
  const startMs = clock.monotonicMs();
  const waitS = SAFE.has(ctx.req.method) ? null : throttleOf(base).count(ctx.state.clientAddress);
  const answer = waitS === null ? await ctx.next() : tooMany(waitS);
  answer.headers.set("x-request-id", ctx.state.requestId);
  if (!QUIET.has(ctx.url.pathname)) {
    log.info("Answered", {
      requestId: ctx.state.requestId,
      method: ctx.req.method,
      path: ctx.url.pathname,
      status: answer.status,
      tookMs: Math.round(clock.monotonicMs() - startMs),
      user: signedInId(ctx.state),
      from: ctx.state.clientAddress,
    });
  }
  return answer;
});

/** One throttle for a process; its base lives as long. */
function throttleOf(base: Base): Throttle {
  const throttle = THROTTLES.get(base) ?? createThrottle(base.clock);
  THROTTLES.set(base, throttle);
  return throttle;
}

function tooMany(waitS: number): Response {
  return new Response("Too much was sent from your address\n", {
    status: 429,
    headers: { "retry-after": String(waitS), "content-type": "text/plain; charset=utf-8" },
  });
}

/** Set further in, if at all. */
function signedInId({ user }: State): number | undefined {
  return user?.id;
}

const policy = csp<State>({
  useNonce: true,
  csp: [
    "default-src 'none'",
    "object-src 'none'",
    "img-src 'self' data:",
    "media-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "font-src 'none'",
  ],
});

/** The order matters: the log line sees what the policy let out. */
export const handler = define.middleware([frame, policy]);
