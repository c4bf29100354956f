/**
 * The pages of registering a site as text: what they must never show, and what works without JavaScript.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { CheckStepPage } from "../../../../lib/ui/pages/register/CheckStepPage.tsx";
import { DevicesStepPage } from "../../../../lib/ui/pages/register/DevicesStepPage.tsx";
import { lastUsedRow } from "../../../../lib/ui/pages/register/Entries.tsx";
import { LAND_PATH } from "../../../../lib/ui/pages/register/land.ts";
import { degreesText, PlaceMap } from "../../../../lib/ui/pages/register/PlaceMap.tsx";
import { registerSpecimens } from "../../../gallery/register_pages.tsx";
import { AT, DEVICES_PAGE, frameOf, NEW_DEVICE } from "../../../gallery/register_devices.ts";

const PAGES = new Map(registerSpecimens().map(({ name, body }) => [name, render(body)]));

function page(name: string): string {
  return PAGES.get(`register-${name}`) ?? "";
}

for (const [name, html] of PAGES) {
  Deno.test(`${name} ties every fault to a field that says so, and has no id twice`, () => {
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    deepStrictEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
    for (const [, id] of html.matchAll(/class="fault" id="([^"]+)"/g)) {
      ok(html.includes(`aria-describedby="${id}"`) || html.includes(` ${id}"`), `${id}`);
    }
  });
}

Deno.test("router page keeps a password without ever showing it", () => {
  const field = /<input[^>]*name="password"[^>]*>/.exec(page("router"))?.[0] ?? "";
  ok(field.includes('type="password"') && !field.includes("value="), field);
  ok(page("router").includes("password kept"));
});

Deno.test("router page folds rows away that nobody needs, and none with a fault", () => {
  const [shown = "", folded = ""] = page("router").split("<details>");
  ok(shown.includes('name="path3Host"') && !shown.includes('name="path4Host"'));
  ok(folded.includes('name="path4Host"'));
  strictEqual(lastUsedRow([["a"], [""], [" "]], () => false), 1);
  strictEqual(lastUsedRow([["a"], [""], [""]], (row) => row === 3), 3);
  strictEqual(lastUsedRow([], () => true), 0);
});

Deno.test("device page tests what is typed, saved or not, by a button of the same form", () => {
  const html = render(<DevicesStepPage {...DEVICES_PAGE} />);
  ok(new RegExp(`<button[^>]*form="device-form"[^>]*formaction="${AT}/devices/3/test"`, "i").test(html));
});

Deno.test("device page saves on Enter and does not test, remove or go on", () => {
  for (const props of [DEVICES_PAGE, NEW_DEVICE]) {
    const html = render(<DevicesStepPage {...props} />);
    const first = /<button[^>]*form="device-form"[^>]*>/.exec(html)?.[0] ?? "";
    ok(first.includes('value="stay"') && !/formaction/i.test(first), first);
  }
});

Deno.test("device page keeps ratios in view that were typed, so that they can be taken away again", () => {
  const { device } = DEVICES_PAGE;
  const values = { ...device.values, appliedBy: "", ctPrimaryA: "250" };
  ok(render(<DevicesStepPage {...DEVICES_PAGE} device={{ ...device, values }} />).includes("data-given"));
  ok(!render(<DevicesStepPage {...NEW_DEVICE} />).includes("data-given"));
});

Deno.test("device page says for a device that is silent what to do", () => {
  ok(page("devices-silent").includes("Look at unit 12: its power"));
  ok(page("devices-silent").includes("Not tried: the unit is silent"));
});

Deno.test("check page cannot start what has a fault, and says where it is", () => {
  const html = page("check-faults");
  ok(/<button[^>]*disabled[^>]*>Start collecting/.test(html));
  ok(html.includes(`<a href="${AT}/router">Router</a>: it has no path`));
  ok(!page("check").includes("disabled"));
});

Deno.test("check page names the half-hour with which collection begins", () => {
  ok(page("check").includes("Collection begins with the half-hour 11:00."));
});

Deno.test("steps say in words which one is open, done or in need of a look", () => {
  const frame = frameOf("check", ["done", "faulty"], { siteName: "" });
  const html = render(
    <CheckStepPage
      frame={frame}
      action=""
      version={1}
      parts={[]}
      startFaults={[]}
      score={0}
      gaps={[]}
      beginsLabel="11:00"
    />,
  );
  ok(html.includes("New site: check and start"));
  ok(/aria-current="step"/.test(html));
  ok(/Site<\/a><span class="unseen">done/.test(html));
  ok(/Router<\/a><span class="unseen">needs a look/.test(html));
});

Deno.test("position is drawn where it is and said with its sides", () => {
  strictEqual(degreesText({ latitude: -33.9, longitude: 18.4 }), "33.90000° S, 18.40000° E");
  const html = render(<PlaceMap place={{ latitude: 0, longitude: 90 }} zoneOffsetMin={720} />);
  ok(html.includes('x="75%" y="120"'), "a quarter from the right, in the middle");
  strictEqual([...html.matchAll(/zone-band/g)].length, 2, "a band over the date line is on both edges");
  ok(!render(<PlaceMap place={null} zoneOffsetMin={null} />).includes("pin"));
});

Deno.test("continents stay on the sheet", () => {
  const numbers = [...LAND_PATH.matchAll(/(-?\d+) (-?\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  ok(numbers.length > 200);
  ok(numbers.every(([x = 999, y = 999]) => Math.abs(x) <= 180 && Math.abs(y) <= 90));
});
