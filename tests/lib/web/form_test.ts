import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { systemClock } from "../../../lib/clock.ts";
import {
  choice,
  email,
  FORM_MAX_BYTES,
  line,
  newPasswordOf,
  password,
  readBody,
  readForm,
  typed,
} from "../../../lib/web/form.ts";
import { err, ok } from "../../../lib/result.ts";

const FIELDS = { name: line({ min: 1, max: 10 }), mail: email, theme: choice(["light", "dark"] as const) };
const GOOD = "name=Kestrel&mail=Ana%40example.org&theme=dark";

const FORMS = [
  { name: "a good form", body: GOOD, want: ok({ name: "Kestrel", mail: "ana@example.org", theme: "dark" }) },
  {
    name: "all errors at once",
    body: "name=&mail=ana&theme=red",
    want: err({
      name: "Is missing",
      mail: '"ana" is no e-mail address, expected name@example.org',
      theme: "Expected one of light, dark",
    }),
  },
  {
    name: "a field that nobody asked for",
    body: `${GOOD}&admin=1`,
    want: err({ "": 'Unknown field "admin"' }),
  },
  { name: "a field sent twice", body: `${GOOD}&name=B`, want: err({ name: "Sent more than once" }) },
  {
    name: "a control character",
    body: "name=a%00b&mail=a@b.c&theme=dark",
    want: err({ name: "Contains characters that cannot be shown" }),
  },
  {
    name: "a right-to-left override",
    body: "name=a%E2%80%AEb&mail=a@b.c&theme=dark",
    want: err({ name: "Contains characters that cannot be shown" }),
  },
  {
    name: "a name that is too long",
    body: "name=abcdefghijk&mail=a@b.c&theme=dark",
    want: err({ name: "Has 11 characters, at most 10 are accepted" }),
  },
  {
    name: "a field named like a property of every object",
    body: `${GOOD}&__proto__=1`,
    want: err({ "": 'Unknown field "__proto__"' }),
  },
];
for (const { name, body, want } of FORMS) {
  Deno.test(`readForm() judges ${name}`, () => {
    deepStrictEqual(readForm(new URLSearchParams(body), FIELDS), want);
  });
}

Deno.test("password() keeps blanks and counts characters", () => {
  deepStrictEqual(password({ min: 12, max: 20 })("  twelve chars"), ok("  twelve chars"));
  deepStrictEqual(password({ min: 12, max: 20 })("short"), err("Needs at least 12 characters"));
  const decomposed = "ü".repeat(20).normalize("NFD");
  deepStrictEqual(password({ min: 12, max: 20 })(decomposed), ok(decomposed));
});

Deno.test("newPasswordOf() refuses what is its owner's name, and takes it from others", () => {
  const typed = "hopper likes long walks";
  deepStrictEqual(newPasswordOf()(typed), ok(typed));
  strictEqual(newPasswordOf({ name: "Grace Hopper", email: "g@example.org" })(typed).ok, false);
});

Deno.test("typed() gives back what was typed, shortened, and no field that was not asked for", () => {
  const form = new URLSearchParams({ name: "x".repeat(300), password: "secret" });
  deepStrictEqual(typed(form, ["name"]), { name: "x".repeat(200) });
});

function post(body: BodyInit, type = "application/x-www-form-urlencoded"): Request {
  return new Request("http://x/", { method: "POST", body, headers: { "content-type": type } });
}

Deno.test("readBody() reads a form", async () => {
  const read = await readBody(post(GOOD), systemClock);
  strictEqual(read.ok && read.value.get("name"), "Kestrel");
});

Deno.test("readBody() refuses a body that is too large, also without a content-length", async () => {
  deepStrictEqual(await readBody(post("a=" + "x".repeat(FORM_MAX_BYTES)), systemClock), err("too-large"));
});

Deno.test("readBody() refuses uploads", async () => {
  deepStrictEqual(await readBody(post("{}", "application/json"), systemClock), err("not-a-form"));
});

Deno.test("readBody() gives up on a body that never ends", async () => {
  const endless = new ReadableStream<Uint8Array>({ pull: () => new Promise<void>(() => {}) });
  const clock = { ...systemClock, sleep: () => Promise.resolve() };
  deepStrictEqual(await readBody(post(endless), clock), err("too-slow"));
});

Deno.test("readBody() knows a client that went away from a fault of ours", async () => {
  const broken = new ReadableStream({
    pull: (controller) => controller.error(new TypeError("connection closed before message completed")),
  });
  deepStrictEqual(await readBody(post(broken), systemClock), err("broken-off"));
});

Deno.test("email takes what the database keeps and no more", () => {
  const named = (length: number) => `ana@${"e".repeat(60)}.${"x".repeat(length - 65)}`;
  strictEqual(email(named(190)).ok, true);
  strictEqual(email(named(191)).ok, false);
});
