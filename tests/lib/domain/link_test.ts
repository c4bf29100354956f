import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { localDateOf } from "../../../lib/domain/local_day.ts";
import {
  countWays,
  latestWay,
  letterOfPath,
  type LinkPath,
  pathChanges,
  type PathEvent,
  pathEvents,
  type Registration,
  registrationOf,
  wanInUse,
  wayOf,
} from "../../../lib/domain/link.ts";

const FROM = 48 * 20_000;
const UTC = (halfHour: number) => localDateOf("Etc/UTC", halfHour);
const MAIN: LinkPath = { kind: "cellular", rank: 0, host: "198.51.100.7" };
const LINE: LinkPath = { kind: "wired", rank: 1, host: "198.51.100.9" };
const PATHS = [MAIN, LINE];

const REGISTRATIONS: readonly [string | null, Registration][] = [
  ["Registered (home)", "home"],
  ["registered, home network", "home"],
  ["Registered (roaming)", "roaming"],
  ["Not registered, searching", "searching"],
  ["Not registered", "none"],
  ["Unregistered", "none"],
  ["Registration denied", "denied"],
  ["N/A", "unknown"],
  ["", "unknown"],
  [null, "unknown"],
];
for (const [words, want] of REGISTRATIONS) {
  Deno.test(`registrationOf() takes ${JSON.stringify(words)} for ${want}`, () =>
    strictEqual(registrationOf(words), want));
}

const said = (wanAddress: string | null, registration: string | null = "Registered (home)") => ({
  wanAddress,
  registration,
});
const WANS: readonly {
  readonly name: string;
  readonly path: LinkPath;
  readonly said: ReturnType<typeof said> | null;
  readonly want: readonly [string, string];
}[] = [
  { name: "the router says nothing", path: MAIN, said: null, want: ["C", "not-said"] },
  { name: "its WAN address is the path's", path: MAIN, said: said(MAIN.host), want: ["C", "agrees"] },
  {
    name: "its WAN address is another path's",
    path: MAIN,
    said: said(LINE.host),
    want: ["?", "other-address"],
  },
  {
    name: "its WAN address is nobody's we know (NAT)",
    path: MAIN,
    said: said("10.64.3.4"),
    want: ["C", "not-said"],
  },
  {
    name: "it is not registered, yet cellular answers",
    path: MAIN,
    said: said(null, "Not registered"),
    want: ["?", "not-registered"],
  },
  {
    name: "it searches, yet cellular answers",
    path: MAIN,
    said: said(MAIN.host, "searching"),
    want: ["?", "not-registered"],
  },
  {
    name: "it is not registered and the line answers",
    path: LINE,
    said: said(null, "Not registered"),
    want: ["e", "not-said"],
  },
  { name: "it roams", path: MAIN, said: said(null, "Registered (roaming)"), want: ["C", "not-said"] },
  { name: "the backup answers and it agrees", path: LINE, said: said(LINE.host), want: ["e", "agrees"] },
  { name: "its words are not understood", path: MAIN, said: said(null, "N/A"), want: ["C", "not-said"] },
];
for (const { name, path, said, want } of WANS) {
  Deno.test(`wanInUse() when ${name}`, () => {
    const { way, check } = wanInUse(path, { paths: PATHS, said });
    deepStrictEqual([way, check], want);
  });
}

Deno.test("wayOf() reads what letterOfPath() writes, and knows no path in the other letters", () => {
  for (const kind of ["cellular", "wifi", "wired"] as const) {
    for (const rank of [0, 1, 2]) {
      deepStrictEqual(wayOf(letterOfPath({ kind, rank })), { kind, main: rank === 0 });
    }
  }
  for (const letter of "?-a.xA ") strictEqual(wayOf(letter), null);
});

/** Events as short texts: kind, place, from and to, length; `*` where it lasts. */
function told(events: readonly PathEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === "flapping") {
      return `flapping ${event.at - FROM}-${event.last - FROM} x${event.changes} ${event.to}`;
    }
    const { at, from, to, until, unanswered } = event.change;
    return `${event.kind} ${at - FROM} ${from}${to} ${until === null ? "*" : until - at}${
      unanswered > 0 ? ` -${unanswered}` : ""
    }`;
  });
}

const WAYS: readonly [string, string, readonly string[]][] = [
  ["nothing", "", []],
  ["nothing was expected", "....", []],
  ["the main path all along", "CCCC", []],
  ["over to the line", "CCee", ["failover 2 Ce *"]],
  ["over to the line and back", "CCeeeC", ["failover 2 Ce 3", "back 5 eC *"]],
  ["over after two that nobody answered", "CC--ee", ["failover 4 Ce * -2"]],
  ["nobody answers, then the main path again", "CC--CC", []],
  ["unknown in between is no change", "CC??CC", []],
  ["unknown before the change", "CC??ee", ["failover 4 Ce *"]],
  ["not kept in between is no change", "CaaaC", []],
  ["from one backup to another", "Cwe", ["failover 1 Cw 1", "failover 2 we *"]],
  ["begins on a backup", "eeC", ["back 2 eC *"]],
  ["four changes are four", "CeCeC", ["failover 1 Ce 1", "back 2 eC 1", "failover 3 Ce 1", "back 4 eC *"]],
  ["five changes are one: it flaps", "CeCeCe", ["flapping 1-5 x5 e"]],
  ["flaps and ends on the main path", "CeCeCeC", ["flapping 1-6 x6 C"]],
];
for (const [name, ways, want] of WAYS) {
  Deno.test(`pathEvents() tells: ${name}`, () =>
    deepStrictEqual(told(pathEvents(pathChanges(ways, FROM), UTC)), want));
}

Deno.test("pathEvents() counts changes by local day, so that a night between two days is no flapping", () => {
  const ways = `${"C".repeat(44)}eCeC${"eCeC"}CC`;
  strictEqual(
    told(pathEvents(pathChanges(ways, FROM), UTC)).some((one) => one.startsWith("flapping")),
    false,
  );
});

const LATEST: readonly [string, ReturnType<typeof latestWay>][] = [
  ["", null],
  ["--??", null],
  ["CC", { way: "C", since: FROM, wholeSpan: true }],
  ["--CC-", { way: "C", since: FROM + 2, wholeSpan: true }],
  ["CCee--", { way: "e", since: FROM + 2, wholeSpan: false }],
];
for (const [ways, want] of LATEST) {
  Deno.test(`latestWay() of "${ways}"`, () => deepStrictEqual(latestWay(ways, FROM), want));
}

Deno.test("countWays() leaves out what was not expected", () =>
  deepStrictEqual(countWays("..CCe?a--"), { main: 2, backup: 1, unknown: 2, unanswered: 2 }));
