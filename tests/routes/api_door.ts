/**
 * The product with two sites, one of them in a group, and tokens that reach both or one: what stands before the door
 * of the API in its tests.
 *
 * @module
 */

import { doesNotMatch, strictEqual } from "node:assert/strict";
import * as schemas from "../../lib/web/api/schemas.ts";
import { FIRST, type Flow, withFlow } from "../flows/running_product.ts";
import { type ApiAnswer, AUTUMN, makeMill, type Mill } from "./api_estate.ts";
import { makeTokens, type Tokens } from "./api_people.ts";

/** The product with two sites and tokens for them. */
export interface Door {
  /** The product. */
  readonly flow: Flow;
  /** Tokens of an administrator. */
  readonly tokens: Tokens;
  /** In the group. */
  readonly mill: Mill;
  /** Out of the group. */
  readonly far: Mill;
}

/** Runs a test before the door of the API. */
export async function withDoor(body: (door: Door) => Promise<void>): Promise<void> {
  await withFlow({ specs: [], env: { COLLECT: "off" } }, async (flow) => {
    const { db } = flow.opened;
    const mill = await makeMill(db, { name: "Mill", from: AUTUMN, to: FIRST + 1 });
    const far = await makeMill(db, { name: "Far", from: AUTUMN, to: FIRST + 1 });
    await body({ flow, mill, far, tokens: await makeTokens(flow, { mill: mill.siteId }) });
  });
}

/** A problem as it must be, and nothing else. */
export function problemOf(
  answer: ApiAnswer,
  status: number,
): { readonly errors?: Readonly<Record<string, string>> } {
  strictEqual(answer.status, status, answer.text.slice(0, 300));
  strictEqual(answer.headers.get("content-type"), "application/problem+json");
  const problem = schemas.problem.parse(answer.json);
  strictEqual(problem.status, status);
  strictEqual(problem.instance, answer.headers.get("x-request-id"));
  doesNotMatch(answer.text, /\.ts:|at async|sqlite|select /i);
  return problem.errors ? { errors: problem.errors } : {};
}
