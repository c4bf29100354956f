import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  createLog,
  formatLine,
  type Log,
  LOG_LINE_LIMIT,
  LOG_TEXT_LIMIT,
  type LogLevel,
  safeText,
} from "../../lib/log.ts";

const TIME_MS = Date.UTC(2026, 10, 25, 10, 30, 7);

function recorded(level: LogLevel): { readonly log: Log; readonly lines: (readonly [LogLevel, string])[] } {
  const lines: (readonly [LogLevel, string])[] = [];
  const write = (line: string, at: LogLevel) => void lines.push([at, line]);
  return { log: createLog({ clock: { nowMs: () => TIME_MS }, level, write }), lines };
}

function parsed(fields: Readonly<Record<string, unknown>>, message = "Read"): Record<string, unknown> {
  return JSON.parse(formatLine({ level: "info", timeMs: TIME_MS, message }, fields));
}

Deno.test("createLog() writes one line of JSON with time, level and message first", () => {
  const { log, lines } = recorded("info");
  log.info("Cycle done", { sites: 42, note: undefined });
  deepStrictEqual(lines, [[
    "info",
    '{"time":"2026-11-25T10:30:07.000Z","level":"info","msg":"Cycle done","sites":42}',
  ]]);
});

Deno.test("createLog() leaves out what is below its level", () => {
  const { log, lines } = recorded("warn");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  deepStrictEqual(lines.map(([level]) => level), ["warn", "error"]);
});

Deno.test("child() adds its fields to every line and leaves the parent alone", () => {
  const { log, lines } = recorded("info");
  log.child({ site: 7 }).child({ halfHour: 990_000 }).info("Stored", { values: 3 });
  log.info("Idle");
  deepStrictEqual(lines.map(([, line]) => JSON.parse(line)).map(({ time: _, level: __, ...rest }) => rest), [
    { msg: "Stored", site: 7, halfHour: 990_000, values: 3 },
    { msg: "Idle" },
  ]);
});

const UNSAFE = [
  {
    name: "a line break that would forge a second line",
    text: 'x\n{"level":"error"}',
    want: 'x\\u{a}{"level":"error"}',
  },
  { name: "an escape sequence for the terminal", text: "\u001b[2J", want: "\\u{1b}[2J" },
  { name: "a mark that reverses what is read", text: "a\u202etxt.exe", want: "a\\u{202e}txt.exe" },
  { name: "an invisible space", text: "a\u200bb", want: "a\\u{200b}b" },
  { name: "a line separator", text: "a\u2028b", want: "a\\u{2028}b" },
  { name: "half a surrogate pair", text: "a\ud800b", want: "a\\u{d800}b" },
  { name: "nothing of a word in any language", text: "Łódź 東京 🏭", want: "Łódź 東京 🏭" },
  {
    name: "the password in a URL",
    text: "mysql://root:s3cret@db:3306/x",
    want: "mysql://root:***@db:3306/x",
  },
];
for (const { name, text, want } of UNSAFE) {
  Deno.test(`safeText() escapes ${name}`, () => strictEqual(safeText(text), want));
}

Deno.test("safeText() cuts a long text and says how long it was", () => {
  const cut = safeText("x".repeat(5_000));
  strictEqual(cut.length, LOG_TEXT_LIMIT);
  ok(cut.endsWith("… (5000 characters)"));
  ok(safeText("\u0000".repeat(2_000)).length <= LOG_TEXT_LIMIT);
});

const SECRETS = [
  "password",
  "newPassword",
  "csrfToken",
  "sessionSecret",
  "databaseUrl",
  "Authorization",
  "cookie",
];
for (const key of SECRETS) {
  Deno.test(`formatLine() never shows ${key}`, () => {
    deepStrictEqual(parsed({ deep: { [key]: "s3cret" } })["deep"], { [key]: "***" });
  });
}

Deno.test("formatLine() keeps to its limit whatever it is given, and names what it cut", () => {
  const hostile = '"'.repeat(10_000);
  const fields = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`${hostile}${index}`, hostile]),
  );
  const line = formatLine({ level: "info", timeMs: TIME_MS, message: hostile }, fields);
  ok(line.length <= LOG_LINE_LIMIT, `${line.length} characters`);
  const short = parsed({
    site: 7,
    words: "x".repeat(2_040),
    more: "y".repeat(2_040),
    again: "z".repeat(2_040),
    last: "w".repeat(2_040),
  });
  strictEqual(short["site"], 7);
  deepStrictEqual(short["cut"], ["words", "more", "again", "last"]);
});

Deno.test("formatLine() does not let a field pass for the head", () => {
  strictEqual(parsed({ level: "error", msg: "forged", time: "never" })["msg"], "Read");
});

Deno.test("formatLine() writes what JSON cannot", () => {
  const { wh, ratio, at, none, list } = parsed({
    wh: 2n ** 60n,
    ratio: NaN,
    at: new Date(TIME_MS),
    none: null,
    list: [1, "\n"],
  });
  deepStrictEqual([wh, ratio, at, none, list], [
    "1152921504606846976",
    "NaN",
    "2026-11-25T10:30:07.000Z",
    null,
    [1, "\\u{a}"],
  ]);
});

Deno.test("formatLine() ends at a depth, so that an object holding itself is no endless line", () => {
  const self: Record<string, unknown> = { name: "a" };
  self["self"] = self;
  ok(JSON.stringify(parsed({ self })).includes("…"));
});

Deno.test("formatLine() writes an error on one line with where it came from", () => {
  const text = String(parsed({ error: new TypeError("Cannot read meter 7") })["error"]);
  ok(text.startsWith("TypeError: Cannot read meter 7 | at "), text);
});
