import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { listAudit } from "../../lib/store/audit.ts";
import { countRecoveryCodes } from "../../lib/store/second_factors.ts";
import { findUser } from "../../lib/store/users.ts";
import { ask, type Flow, post, withFlow } from "../flows/running_product.ts";
import {
  codeAt,
  cookieIn,
  giveApp,
  halfIn,
  requireFactor,
  shownCodes,
  shownSeed,
  typeCode,
  wrongCode,
} from "../flows/second_steps.ts";
import { makeVisitor, type Visitor } from "../flows/visitors.ts";

const RECOVERY = "4K7Q-0M2B-XR9D-H6TV";
const STEP = "/sign-in/second-factor";
const SET_UP = "/sign-in/set-up";
const ACCOUNT = "/account/second-factor";

async function actionsOf({ opened }: Flow, userId: number): Promise<readonly string[]> {
  const entries = await listAudit(opened.db, 50);
  return entries.filter(({ subject }) => subject === `user ${userId}`).map(({ action }) => action);
}

async function withApp(
  body: (flow: Flow, scene: { readonly visitor: Visitor; readonly seed: string }) => Promise<void>,
): Promise<void> {
  await withFlow({ specs: [] }, async (flow) => {
    const visitor = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    await body(flow, { visitor, seed: await giveApp(flow, visitor.user, RECOVERY) });
  });
}

Deno.test("the second step lets somebody in by the code of their app, to the page they wanted", async () => {
  await withApp(async (flow, { visitor, seed }) => {
    const { answer, cookie } = await halfIn(flow, visitor.user.email);
    strictEqual(answer.status, 303);
    strictEqual(answer.headers.get("location"), STEP);
    strictEqual(cookieIn(answer, "wattpost"), undefined);
    const form = await ask(flow.origin, STEP, { headers: { cookie } });
    strictEqual(form.status, 200);
    match(form.text, /autocomplete="one-time-code"/);
    const wrong = await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), cookie);
    strictEqual(wrong.status, 422);
    match(wrong.text, /This code is not right/);
    const code = codeAt(seed, flow.clock.nowMs());
    const right = await typeCode(flow, `${code.slice(0, 3)} ${code.slice(3)}`, cookie);
    strictEqual(right.status, 303);
    strictEqual(right.headers.get("location"), "/sites");
    const session = cookieIn(right, "wattpost") ?? "";
    strictEqual((await ask(flow.origin, "/sites", { headers: { cookie: session } })).status, 200);
    strictEqual(cookieIn(right, "wattpost-pending"), undefined, "the half-done sign-in is taken away");
    const actions = await actionsOf(flow, visitor.user.id);
    deepStrictEqual(actions.slice(0, 3), ["sign-in", "second-factor-refused", "second-factor-asked"]);
  });
});

Deno.test("the second step takes a recovery code once, however it is spelled, and tells what is left", async () => {
  await withApp(async (flow, { visitor }) => {
    const first = await halfIn(flow, visitor.user.email);
    const taken = await typeCode(flow, RECOVERY.toLowerCase().replaceAll("-", " "), first.cookie);
    strictEqual(taken.status, 303);
    strictEqual(await countRecoveryCodes(flow.opened.db, visitor.user.id), 0);
    const second = await halfIn(flow, visitor.user.email);
    strictEqual((await typeCode(flow, RECOVERY, second.cookie)).status, 422);
  });
});

Deno.test("the second step says that a code was used already when somebody comes back too soon", async () => {
  await withApp(async (flow, { visitor, seed }) => {
    const code = codeAt(seed, flow.clock.nowMs());
    const first = await halfIn(flow, visitor.user.email);
    strictEqual((await typeCode(flow, code, first.cookie)).status, 303);
    const second = await halfIn(flow, visitor.user.email);
    const again = await typeCode(flow, code, second.cookie);
    strictEqual(again.status, 422);
    match(again.text, /was used already/);
  });
});

Deno.test("the second step is over after five minutes, five tries, or when the account changes", async () => {
  await withApp(async (flow, { visitor, seed }) => {
    const { user } = visitor;
    const right = () => codeAt(seed, flow.clock.nowMs());
    const late = await halfIn(flow, user.email);
    await flow.clock.advance(5 * 60_000);
    strictEqual((await typeCode(flow, right(), late.cookie)).headers.get("location"), "/sign-in?over=1");
    match((await ask(flow.origin, "/sign-in?over=1")).text, /sign in once more/);
    const tired = await halfIn(flow, user.email);
    for (let n = 0; n < 5; n++) {
      strictEqual((await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), tired.cookie)).status, 422);
    }
    strictEqual((await typeCode(flow, right(), tired.cookie)).headers.get("location"), "/sign-in?over=1");
    strictEqual((await ask(flow.origin, STEP, { headers: { cookie: tired.cookie } })).status, 303);
  });
});

Deno.test("who must have a second factor sets it up on the way in and keeps ten recovery codes", async () => {
  await withFlow({ specs: [] }, async (flow) => {
    const { user } = await makeVisitor(flow, { name: "technician", role: "technician" });
    await requireFactor(flow, ["technician"]);
    const { answer, cookie } = await halfIn(flow, user.email);
    strictEqual(answer.headers.get("location"), SET_UP);
    const seed = await shownSeed(flow, SET_UP, cookie);
    match(seed, /^[A-Z2-7]{32}$/);
    strictEqual(await shownSeed(flow, SET_UP, cookie), seed, "loaded again, the picture is the same");
    const wrong = await typeCode(flow, wrongCode(seed, flow.clock.nowMs()), cookie, SET_UP);
    strictEqual(wrong.status, 422);
    ok(wrong.text.includes(seed.slice(0, 4)), "the picture is still there");
    const set = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), cookie, SET_UP);
    strictEqual(set.status, 200);
    strictEqual(set.headers.get("cache-control"), "no-store");
    const codes = shownCodes(set);
    strictEqual(codes.length, 10);
    match(set.text, /href="\/sites"/);
    const session = cookieIn(set, "wattpost") ?? "";
    strictEqual((await ask(flow.origin, "/sites", { headers: { cookie: session } })).status, 200);
    strictEqual((await ask(flow.origin, SET_UP, { headers: { cookie } })).status, 303, "it is done");
    strictEqual((await findUser(flow.opened.db, user.id))?.secondFactor, true);
    const next = await halfIn(flow, user.email);
    strictEqual(next.answer.headers.get("location"), STEP);
    strictEqual((await typeCode(flow, codes[9] ?? "", next.cookie)).status, 303);
  });
});

Deno.test("the account page sets an app up, signs out everywhere else, and shows the codes once", async () => {
  await withFlow({ specs: [] }, async (flow) => {
    const { user, cookie: elsewhere } = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    const { answer } = await halfIn(flow, user.email);
    const cookie = cookieIn(answer, "wattpost") ?? "";
    const act = (form: Record<string, string>, as = cookie) =>
      post(flow.origin, ACCOUNT, form, { cookie: as });
    strictEqual((await act({ do: "begin" })).headers.get("location"), ACCOUNT);
    const seed = await shownSeed(flow, ACCOUNT, cookie);
    strictEqual(await shownSeed(flow, ACCOUNT, elsewhere), "", "the picture is of the browser that began");
    strictEqual((await act({ do: "confirm", code: "12" })).status, 422);
    const set = await act({ do: "confirm", code: codeAt(seed, flow.clock.nowMs()) });
    strictEqual(set.status, 200);
    strictEqual(shownCodes(set).length, 10);
    strictEqual((await ask(flow.origin, "/", { headers: { cookie: elsewhere } })).status, 303);
    strictEqual((await ask(flow.origin, "/", { headers: { cookie } })).status, 303);
    const next = cookieIn(set, "wattpost") ?? "";
    match((await ask(flow.origin, ACCOUNT, { headers: { cookie: next } })).text, /10 codes/);
    const anew = await act({ do: "new-codes" }, next);
    strictEqual(shownCodes(anew).length, 10);
    notStrictEqual(shownCodes(anew)[0], shownCodes(set)[0]);
    const removed = await act({ do: "remove" }, next);
    strictEqual(removed.headers.get("location"), "/account");
    const last = cookieIn(removed, "wattpost") ?? "";
    strictEqual((await findUser(flow.opened.db, user.id))?.secondFactor, false);
    match((await ask(flow.origin, ACCOUNT, { headers: { cookie: last } })).text, /Set up/);
    const actions = await actionsOf(flow, user.id);
    ok(actions.includes("second-factor-set") && actions.includes("second-factor-removed"));
    ok(actions.includes("recovery-codes-made"));
  });
});

Deno.test("the account page keeps the only second factor of whoever must have one", async () => {
  await withApp(async (flow, { visitor, seed }) => {
    await requireFactor(flow, ["viewer"]);
    const half = await halfIn(flow, visitor.user.email);
    const came = await typeCode(flow, codeAt(seed, flow.clock.nowMs()), half.cookie);
    const cookie = cookieIn(came, "wattpost") ?? "";
    const refused = await post(flow.origin, ACCOUNT, { do: "remove" }, { cookie });
    strictEqual(refused.status, 422);
    match(refused.text, /Your role must have a second factor/);
    strictEqual((await findUser(flow.opened.db, visitor.user.id))?.secondFactor, true);
  });
});

Deno.test("the account page asks for the password again before a second factor is touched late", async () => {
  await withFlow({ specs: [] }, async (flow) => {
    const { user, cookie } = await makeVisitor(flow, { name: "viewer", role: "viewer" });
    await flow.clock.advance(11 * 60_000);
    for (const doing of ["begin", "confirm", "new-codes", "remove"]) {
      const answer = await post(flow.origin, ACCOUNT, { do: doing }, { cookie });
      match(answer.headers.get("location") ?? "", /^\/account\/confirm\?back=/, doing);
    }
    strictEqual((await findUser(flow.opened.db, user.id))?.secondFactor, false);
    const unknown = await post(flow.origin, ACCOUNT, { do: "all" }, { cookie });
    strictEqual(unknown.status, 422);
  });
});
