import { deepStrictEqual } from "node:assert/strict";
import { findFaults, readPersonForm } from "../../../../lib/web/pages/person_form.ts";
import { reachText } from "../../../../lib/web/pages/reach_form.ts";

const RIGHT = "name=Nina&role=viewer&reach=all&find=&do=save";

const WRONG = [
  {
    name: "all that is wrong at once",
    form: "name=&role=x&reach=&find=&do=save",
    want: ["name", "reach", "role"],
  },
  { name: "a field that is not asked for", form: `${RIGHT}&email=a@example.org`, want: [""] },
  { name: "a name twice", form: `${RIGHT}&name=Eve`, want: ["name"] },
  { name: "ticks beside all sites", form: `${RIGHT}&site-1=on`, want: ["reach"] },
  { name: "some without any", form: RIGHT.replace("all", "some"), want: ["reach"] },
  { name: "a tick that is none", form: `${RIGHT.replace("all", "some")}&site-1=off`, want: ["site-1"] },
] as const;

for (const { name, form, want } of WRONG) {
  Deno.test(`readPersonForm() refuses ${name}`, () => {
    const read = readPersonForm(new URLSearchParams(form), { asks: "version" });
    deepStrictEqual(read.ok ? null : Object.keys(read.error).sort(), want);
  });
}

Deno.test("readPersonForm() takes what is ticked", () => {
  const form = new URLSearchParams(
    `${RIGHT.replace("all", "some")}&email=NINA@example.org&group-2=on&site-1=on`,
  );
  deepStrictEqual(readPersonForm(form, { asks: "email" }), {
    ok: true,
    value: {
      email: "nina@example.org",
      name: "Nina",
      role: "viewer",
      reach: { kind: "some", groupIds: [2], siteIds: [1] },
    },
  });
});

Deno.test("readPersonForm() takes how somebody stood when they were looked at", () => {
  const read = readPersonForm(new URLSearchParams(`${RIGHT}&version=5c0f`), { asks: "version" });
  deepStrictEqual(read.ok && read.value.version, "5c0f");
});

Deno.test("findFaults() keeps quiet about what is not yet typed", () => {
  deepStrictEqual(findFaults({ name: "Is missing", find: "too long", "": "Unknown" }), {
    find: "too long",
    "": "Unknown",
  });
});

const REACHES = [
  { want: "All sites", reach: { kind: "all" } },
  { want: "Nothing", reach: { kind: "some", groupIds: [], siteIds: [] } },
  { want: "1 group", reach: { kind: "some", groupIds: [1], siteIds: [] } },
  { want: "2 groups and 1 site", reach: { kind: "some", groupIds: [1, 2], siteIds: [3] } },
] as const;

for (const { want, reach } of REACHES) {
  Deno.test(`reachText() says ${want}`, () => deepStrictEqual(reachText(reach), want));
}
