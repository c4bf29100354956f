/**
 * Around everything under `/api/v1`: a token lets in, not a cookie, so that no other site can ask in somebody's
 * browser; requests are counted; whatever goes wrong is a problem that a program can read; and an operation that has
 * not asked whether it may is not answered.
 *
 * @module
 */

import { type Context, HttpError } from "fresh";
import { authenticate, type TokenProblem } from "../../auth/api_token.ts";
import { originOf } from "../../auth/origin.ts";
import { countTry, type Limit, type Tried } from "../../kv/limits.ts";
import type { Kv } from "../../kv/mod.ts";
import { err, ok, type Result } from "../../result.ts";
import { appendAudit, type Author } from "../../store/audit.ts";
import { authorOf } from "../author.ts";
import { whyLater } from "../later.ts";
import { turnedAwayBy, writeRefusal, writeTurnedAway } from "../refusal.ts";
import type { Services, State } from "../state.ts";
import { setBearer, tokenAuthorOf } from "./bearer.ts";
import { ADDRESS_A_MINUTE, API_PATH, HEAVY_A_MINUTE, OPERATIONS, TOKEN_A_MINUTE } from "./operations.ts";
import { problemResponse, type Refusal } from "./problem.ts";

const MINUTE_MS = 60_000;

const ADDRESS: Limit = { name: "api-address", tries: ADDRESS_A_MINUTE, windowMs: MINUTE_MS };
const TOKEN: Limit = { name: "api-token", tries: TOKEN_A_MINUTE, windowMs: MINUTE_MS };
const HEAVY: Limit = { name: "api-heavy", tries: HEAVY_A_MINUTE, windowMs: MINUTE_MS };

/** Paths that need no token. */
const OPEN = new Set(OPERATIONS.filter(({ open }) => open).map(({ path }) => `${API_PATH}${path}`));

/** Seconds after which to come again while something is away. */
const AWAY_S = 10;

/** Lets a request in, or says why not, and writes down what is asked too often. */
export async function throughApiDoor(ctx: Context<State>): Promise<Response> {
  const answer = await answered(ctx);
  const why = turnedAwayBy(answer.status);
  if (why !== null) await writeTurnedAway(ctx.state, { request: ctx.req, why, ...byToken(ctx.state) });
  return answer;
}

/** Nobody is written down while the services are away. */
function byToken(state: State): { readonly by?: Author } {
  return state.base.services() ? { by: tokenAuthorOf(state) } : {};
}

/** Every answer leaves with what belongs on it. */
async function answered(ctx: Context<State>): Promise<Response> {
  const { state } = ctx;
  try {
    const services = state.base.services();
    if (!services) return problemResponse(away(), state.requestId);
    const open = OPEN.has(ctx.url.pathname);
    const counted = await countAddress(services, state);
    const entered = counted.ok && !open ? await enter(ctx, services) : counted;
    if (!entered.ok) return problemResponse(entered.error, state.requestId);
    const answer = await ctx.next();
    if (!open && !state.asked && answer.status < 400) {
      await answer.body?.cancel();
      throw new Error(`${ctx.req.method} ${ctx.route} has not asked whether it may`);
    }
    return finished(answer, entered.value);
  } catch (error) {
    if (state.refusal) await writeRefusal(state, { ...state.refusal, ...byToken(state) });
    return problemResponse(refusalOf(error, ctx), state.requestId);
  }
}

type Names = Readonly<Record<string, string>>;

/** The answer with how many requests are left, unless it says so of a smaller share. */
function finished(answer: Response, share: Names): Response {
  answer.headers.append("vary", "authorization, accept");
  if (!answer.headers.has("cache-control")) answer.headers.set("cache-control", "private, no-store");
  if (answer.headers.has("ratelimit")) return answer;
  for (const [name, value] of Object.entries(share)) answer.headers.set(name, value);
  return answer;
}

async function countAddress({ kv }: Services, state: State): Promise<Result<Names, Refusal>> {
  return await count(kv, ADDRESS, { who: originOf(state.clientAddress), nowMs: state.base.clock.nowMs() });
}

async function enter({ req, state }: Context<State>, services: Services): Promise<Result<Names, Refusal>> {
  const nowMs = state.base.clock.nowMs();
  const entered = await authenticate(services, { headers: req.headers, origin: state.clientAddress, nowMs });
  if (!entered.ok) return err(await refuseToken(entered.error, services, state));
  setBearer(state, entered.value);
  return await count(services.kv, TOKEN, { who: String(entered.value.token.id), nowMs });
}

async function refuseToken(problem: TokenProblem, { db }: Services, state: State): Promise<Refusal> {
  switch (problem.kind) {
    case "no-token":
      return { status: 401, headers: { "www-authenticate": 'Bearer realm="wattpost"' } };
    case "too-many":
      return { status: 429, headers: { "retry-after": String(problem.retryAfterS) } };
    case "wrong-token":
      if (problem.writeDown) {
        await appendAudit(db, authorOf(state), {
          action: "refused",
          subject: "API token",
          after: { why: "wrong" },
        });
      }
      return {
        status: 401,
        headers: { "www-authenticate": 'Bearer realm="wattpost", error="invalid_token"' },
      };
  }
}

/** Counts a heavy request of a person, by whichever token; why it is refused, `null`: it is not. */
export async function refuseHeavy({ kv }: Services, userId: number, nowMs: number): Promise<Refusal | null> {
  const counted = await count(kv, HEAVY, { who: `user ${userId}`, nowMs });
  return counted.ok ? null : counted.error;
}

/** Counts a request; how many are left, as headers (draft-ietf-httpapi-ratelimit-headers), or why it is refused. */
async function count(kv: Kv, limit: Limit, tried: Tried): Promise<Result<Names, Refusal>> {
  const { name, tries, windowMs } = limit;
  const { allowed, retryAfterS, left } = await countTry(kv, limit, tried);
  const share = {
    "ratelimit-policy": `"${name}";q=${tries};w=${windowMs / 1000}`,
    "ratelimit": `"${name}";r=${left};t=${retryAfterS}`,
  };
  if (allowed) return ok(share);
  const detail = `At most ${tries} requests in ${windowMs / 1000} s`;
  return err({ status: 429, detail, headers: { ...share, "retry-after": String(retryAfterS) } });
}

function away(): Refusal {
  return { status: 503, headers: { "retry-after": String(AWAY_S) } };
}

/** What went wrong, as it is told; the log has the rest. */
function refusalOf(error: unknown, { state, url }: Context<State>): Refusal {
  const { base, requestId } = state;
  const about = { requestId, path: url.pathname, error };
  if (error instanceof HttpError && error.status < 500) return { status: error.status };
  if (whyLater(error) !== null || (error instanceof HttpError && error.status === 503)) {
    base.log.warn("Cannot answer now", about);
    return away();
  }
  base.log.error("Cannot answer", about);
  return { status: 500 };
}
