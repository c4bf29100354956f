/**
 * Turns operations and what answers them into the handler of a route: everything that comes from outside is judged by
 * the operation's schemas before anything else is done.
 *
 * @module
 */

import { type Context } from "fresh";
import type { z } from "zod";
import { authenticate } from "../../auth/api_token.ts";
import { err, ok, type Result } from "../../result.ts";
import { type JsonTrouble, readJson } from "../json.ts";
import { type Services, servicesOf, type State } from "../state.ts";
import type { KeyedWrite } from "../../store/kept_answers.ts";
import { type Asked, keyedWriteOf } from "./once.ts";
import { preferred } from "./preferred.ts";
import { bearerOf } from "./bearer.ts";
import { refuseHeavy } from "./door.ts";
import type { Operation } from "./operations.ts";
import { problemResponse, type Refusal, wrong } from "./problem.ts";

/** What an operation is answered from. */
export interface Call<Params, Query, Body> {
  /** The request. */
  readonly ctx: Context<State>;
  /** The services. */
  readonly services: Services;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Parameters of the path, read. */
  readonly params: Params;
  /** Parameters of the query, read. */
  readonly query: Query;
  /** The body, read; `null`: none is expected. */
  readonly body: Body;
  /** The key that a write is asked under; `null`: none, or nothing is written. */
  readonly write: KeyedWrite | null;
}

/** An operation with what answers it. */
export interface Served {
  /** The operation. */
  readonly operation: Operation;
  /** Answers a request. */
  readonly answer: (ctx: Context<State>, services: Services) => Promise<Response | Refusal>;
}

type Read<T> = T extends z.ZodType ? z.output<T> : null;

/** Joins an operation to what answers it. */
export function served<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType | null>(
  operation: Operation<P, Q, B>,
  run: (call: Call<z.output<P>, z.output<Q>, Read<B>>) => Promise<Response | Refusal>,
): Served {
  return {
    operation,
    async answer(ctx, services) {
      const nowMs = ctx.state.base.clock.nowMs();
      const params = operation.params.safeParse({ ...ctx.params });
      if (!params.success) return { status: 404 };
      const query = readQuery(operation.query, ctx.url.searchParams);
      if (!query.ok) return query.error;
      const named = ctx.url.searchParams.has("format");
      if (!named && !accepts(ctx.req.headers, operation)) return { status: 406 };
      const heavy = operation.heavy ? await refuseHeavy(services, bearerOf(ctx.state).user.id, nowMs) : null;
      if (heavy) return heavy;
      const body = operation.body ? await readBody(operation.body, ctx) : ok(null);
      if (!body.ok) return body.error;
      // A body may take its time: a token that was revoked meanwhile changes nothing any more.
      if (operation.body && !await isStillAlive(services, ctx)) return { status: 401 };
      const write = operation.writes ? keyOf(ctx, { body: body.value, nowMs }) : ok(null);
      if (!write.ok) return write.error;
      return await run({
        ctx,
        services,
        nowMs,
        params: params.data,
        query: query.value,
        body: body.value as Read<B>,
        write: write.value,
      });
    },
  };
}

function keyOf(
  { req, url, state }: Context<State>,
  asked: Pick<Asked, "body" | "nowMs">,
): Result<KeyedWrite | null, Refusal> {
  const { method } = req;
  return keyedWriteOf(req.headers, { ...asked, userId: bearerOf(state).user.id, method, path: url.pathname });
}

/** The handler of a route: one operation for each method it answers. */
export function serve(...all: readonly Served[]): (ctx: Context<State>) => Promise<Response> {
  const methods = all.map(({ operation }) => operation.method);
  const allow = [...methods, ...methods.includes("GET") ? ["HEAD"] : []].join(", ");
  return async (ctx) => {
    const { requestId } = ctx.state;
    const method = ctx.req.method === "HEAD" ? "GET" : ctx.req.method;
    const found = all.find(({ operation }) => operation.method === method);
    if (!found) return problemResponse({ status: 405, headers: { allow } }, requestId);
    const answer = await found.answer(ctx, servicesOf(ctx.state));
    return answer instanceof Response ? answer : problemResponse(answer, requestId);
  };
}

function readQuery<Q extends z.ZodType>(schema: Q, given: URLSearchParams): Result<z.output<Q>, Refusal> {
  const errors: Record<string, string> = {};
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of given) {
    if (name in values) errors[printable(name)] = "Sent more than once";
    values[name] = value;
  }
  const read = schema.safeParse({ ...values });
  if (!read.success) Object.assign(errors, messagesOf(read.error));
  if (!read.success || Object.keys(errors).length > 0) return err(wrong(errors));
  return ok(read.data);
}

async function isStillAlive(services: Services, { req, state }: Context<State>): Promise<boolean> {
  const asked = { headers: req.headers, origin: state.clientAddress, nowMs: state.base.clock.nowMs() };
  return (await authenticate(services, asked)).ok;
}

async function readBody(
  schema: z.ZodType,
  { req, state }: Context<State>,
): Promise<Result<unknown, Refusal>> {
  const type = req.headers.get("content-type") ?? "";
  if (!/^application\/json *(;|$)/i.test(type)) return err({ status: 415 });
  const body = await readJson(req, state.base.clock);
  if (!body.ok) return err({ status: BODY_STATUS[body.error] });
  const read = schema.safeParse(body.value);
  return read.success ? ok(read.data) : err(wrong(messagesOf(read.error), 422));
}

const BODY_STATUS: Readonly<Record<JsonTrouble, number>> = {
  "too-large": 413,
  "too-slow": 408,
  "too-deep": 400,
  "not-json": 400,
  "broken-off": 400,
};

const MESSAGES_MAX = 50;

/** What is wrong, by parameter or field; `""` is the whole. */
function messagesOf(error: z.ZodError): Readonly<Record<string, string>> {
  const messages: Record<string, string> = {};
  for (const issue of error.issues.slice(0, MESSAGES_MAX)) {
    const path = issue.path.map(String).join(".");
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys.slice(0, MESSAGES_MAX)) messages[printable(key)] = "Unknown";
    } else messages[path] ??= issue.message;
  }
  const { "": whole, ...fields } = messages;
  return whole === undefined || Object.keys(fields).length > 0 ? fields : { "": whole };
}

function printable(name: string): string {
  return name.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, "?");
}

/** Whether anything that can be answered is accepted (RFC 9110, 12.5.1). */
function accepts(headers: Headers, { media }: Operation): boolean {
  return preferred(headers, media.map(({ type }) => type)) !== null;
}
