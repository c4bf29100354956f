/**
 * Attacks by API tokens as a way in that stays: hidden from their owner, kept after a new password, made in a browser
 * that was left open.
 *
 * @module
 */

import { deepStrictEqual, doesNotMatch, match, strictEqual } from "node:assert/strict";
import { newApiToken } from "../../lib/auth/api_token.ts";
import { FRESH_MS } from "../../lib/auth/session.ts";
import { ALL_SITES } from "../../lib/domain/permission.ts";
import { createToken, listTokens, revokeToken } from "../../lib/store/tokens.ts";
import type { User } from "../../lib/store/users.ts";
import { TOKEN_FORMS_AN_HOUR } from "../../lib/web/pages/tokens_view.ts";
import { authorAt } from "../fakes/author.ts";
import { type LetterFlow, tokenOf, withLetters } from "../flows/letters.ts";
import { ACCOUNT, type Answer, ask, post } from "../flows/running_product.ts";
import { signInAs } from "../flows/visitors.ts";
import { type Attack, withstand } from "./attack.ts";

const NEW = "/account/tokens/new";

const LIFE_MS = 86_400_000;

/** Makes a token of the account; its text and id. */
async function make({ opened: { db }, clock }: LetterFlow, owner: User, lifeMs = LIFE_MS) {
  const { text, hash: tokenHash } = await newApiToken();
  const expiresMs = clock.nowMs() + lifeMs;
  const draft = { userId: owner.id, tokenHash, name: "x", mayWrite: true, reach: ALL_SITES, expiresMs };
  const made = await createToken(db, authorAt(clock.nowMs()), draft);
  if (!made.ok) throw new Error(made.error.kind);
  return { text, id: made.value.id };
}

const read = ({ origin }: LetterFlow, token: string): Promise<Answer> =>
  ask(origin, "/api/v1/sites", { headers: { authorization: `Bearer ${token}` } });

const onceOf = ({ text }: Answer) => /name="once" value="([\w-]{43})"/.exec(text)?.[1] ?? "";

const WAYS: readonly Attack<LetterFlow>[] = [
  {
    wants: "hide a token behind a hundred others that were made and revoked: it is listed first, and can go",
    async holds(flow) {
      const { opened: { db }, clock, origin } = flow;
      const owner = await flow.person(ACCOUNT.email);
      const hidden = await make(flow, owner);
      for (let n = 0; n < 101; n++) {
        const { id: tokenId } = await make(flow, owner, LIFE_MS * 2);
        await revokeToken(db, authorAt(clock.nowMs()), { tokenId, userId: owner.id });
      }
      const cookie = await signInAs(flow, ACCOUNT.email);
      const { text } = await ask(origin, "/account/tokens", { headers: { cookie } });
      match(text, new RegExp(`value="${hidden.id}"`));
      const form = { revoke: String(hidden.id) };
      strictEqual((await post(origin, "/account/tokens", form, { cookie })).status, 303);
      strictEqual((await read(flow, hidden.text)).status, 401);
    },
  },
  {
    wants: "keep coming in by a token after its owner chose a new password: all of theirs are revoked",
    async holds(flow) {
      const owner = await flow.person(ACCOUNT.email);
      const token = await make(flow, owner);
      strictEqual((await read(flow, token.text)).status, 200);
      const place = flow.smtp.mails.length;
      await post(flow.origin, "/forgot", { email: ACCOUNT.email });
      const link = tokenOf(await flow.smtp.arrived(place));
      const reset = await post(flow.origin, "/reset", { token: link, password: ACCOUNT.password });
      strictEqual(reset.status, 200);
      strictEqual((await read(flow, token.text)).status, 401);
    },
  },
  {
    wants: "make a token in a browser that was left open: the password is asked for first",
    async holds(flow) {
      const { opened: { db }, clock, origin } = flow;
      const { id } = await flow.person(ACCOUNT.email);
      const cookie = await signInAs(flow, ACCOUNT.email);
      const once = onceOf(await ask(origin, NEW, { headers: { cookie } }));
      const before = await listTokens(db, id);
      await clock.advance(FRESH_MS);
      const away = await ask(origin, NEW, { headers: { cookie } });
      const form = { name: "x", scope: "write", days: "365", once };
      const sent = await post(origin, NEW, form, { cookie });
      for (const { status, headers, text } of [away, sent]) {
        const where = headers.get("location");
        deepStrictEqual([status, where], [303, `/account/confirm?back=${encodeURIComponent(NEW)}`]);
        doesNotMatch(text, /wp_/);
      }
      deepStrictEqual(await listTokens(db, id), before);
    },
  },
  {
    wants:
      "fill the store by sending the form for a token on and on: stopped, told until when, typed words kept",
    async holds(flow) {
      const { clock, origin } = flow;
      await clock.advance(86_400_000);
      const cookie = await signInAs(flow, ACCOUNT.email);
      const once = (n: number) => String(n).padStart(43, "A");
      const send = (n: number) =>
        post(origin, NEW, { name: "Typed words", scope: "read", days: "1", once: once(n) }, { cookie });
      const statuses = new Set<number>();
      for (let n = 0; n < TOKEN_FORMS_AN_HOUR; n++) statuses.add((await send(n)).status);
      deepStrictEqual([...statuses], [200, 422], "made, then too many in use");
      const late = await send(TOKEN_FORMS_AN_HOUR);
      strictEqual(late.status, 429);
      match(late.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
      match(late.text, /value="Typed words"/);
    },
  },
];

Deno.test("attacks by API tokens that stay", async (t) => {
  await withLetters((flow) => withstand(t, flow, WAYS));
});
