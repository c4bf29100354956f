import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { EMPTY_REGISTRATION, type Registration } from "../../../../lib/domain/registration.ts";
import { profileOf } from "../../../../lib/profiles/mod.ts";
import { readDeviceForm } from "../../../../lib/web/pages/register/device_form.ts";
import { host, number } from "../../../../lib/web/pages/register/fields.ts";
import { readHoursForm } from "../../../../lib/web/pages/register/hours_form.ts";
import { readRouterForm } from "../../../../lib/web/pages/register/router_form.ts";
import { readSiteForm } from "../../../../lib/web/pages/register/site_form.ts";

const LIBRARY = { find: profileOf };

type Form = Readonly<Record<string, string>>;
const formOf = (...parts: readonly Form[]) => new URLSearchParams(Object.assign({}, ...parts));
const faults = (read: { readonly ok: boolean; readonly error?: unknown }) => read.ok ? {} : read.error;

const HOSTS = [
  ["203.0.113.7", "203.0.113.7"],
  [" 203.0.113.7 ", "203.0.113.7"],
  ["2001:DB8::7", "2001:db8::7"],
  ["[2001:db8::7]", "2001:db8::7"],
  ["2001:db8:0:0:0:0:0:7", "2001:db8::7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["[::FFFF:cb00:7107]", "203.0.113.7"],
  ["fe80::1%eth0", null],
  ["0.0.0.0", null],
  ["169.254.169.254", null],
  ["168.63.129.16", null],
  ["255.255.255.255", null],
  ["224.0.0.1", null],
  ["::", null],
  ["fe80::1", null],
  ["ff02::1", null],
  ["::ffff:169.254.1.1", null],
  ["10.8.0.7", "10.8.0.7"],
  ["127.0.0.1", "127.0.0.1"],
  ["Router.Example.org", "router.example.org"],
  ["203.0.113", null],
  ["203.0.113.256", null],
  ["203.0.113.07", null],
  ["203.0.113.7.", null],
  ["203.0.113.7:502", null],
  ["1", null],
  ["0x7f.1", null],
  ["router.0x7f", null],
  ["::g", null],
  ["http://203.0.113.7", null],
  ["-router.example", null],
  ["a b", null],
  ["", null],
  ["ro\u202euter", null],
  ["x".repeat(300), null],
] as const;

for (const [typed, want] of HOSTS) {
  Deno.test(`host() reads "${typed.slice(0, 30)}" as ${want}`, () => {
    const read = host(typed);
    strictEqual(read.ok ? read.value : null, want);
  });
}

const NUMBERS = [
  ["502", 502],
  [" 502 ", 502],
  ["0", null],
  ["65536", null],
  ["5e2", null],
  ["50.2", null],
  ["", null],
  ["0x1", null],
  ["Infinity", null],
] as const;
for (const [typed, want] of NUMBERS) {
  Deno.test(`number() reads "${typed}" as ${want}`, () => {
    const read = number({ least: 1, most: 65_535 })(typed);
    strictEqual(read.ok ? read.value : null, want);
  });
}

const SITE: Form = {
  version: "0",
  do: "next",
  name: "Kiln Lane",
  group: "",
  address: "1 Kiln Lane",
  town: "Epsom",
  zone: "Europe/London",
  latitude: "51,3",
  longitude: "\u22120.27",
};

Deno.test("readSiteForm() reads a site with what people type", () => {
  const read = readSiteForm(formOf(SITE, { contact1Name: "Jo", contact1Phone: "+44 1372 1" }), {
    groupIds: [null],
  });
  deepStrictEqual(read, {
    ok: true,
    value: {
      version: 0,
      do: "next",
      step: {
        name: "Kiln Lane",
        groupId: null,
        address: "1 Kiln Lane",
        town: "Epsom",
        zone: "Europe/London",
        latitude: 51.3,
        longitude: -0.27,
        contacts: [{ name: "Jo", phone: "+44 1372 1", email: "" }],
      },
    },
  });
});

Deno.test("readSiteForm() reads a position again with all the digits that it was registered with", () => {
  const typed = { latitude: "56.12746243516728", longitude: "-0.0035055004457943123" };
  const read = readSiteForm(formOf(SITE, typed), { groupIds: [null] });
  strictEqual(read.ok && read.value.step.latitude, 56.12746243516728);
  strictEqual(read.ok && read.value.step.longitude, -0.0035055004457943123);
});

const WRONG_SITES: readonly [string, Form, readonly string[]][] = [
  ["no name", { name: " " }, ["name"]],
  ["a name with a control character", { name: "Kiln\u0007" }, ["name"]],
  ["a name of 81 characters", { name: "x".repeat(81) }, ["name"]],
  ["a zone that is none", { zone: "Mars/Olympus" }, ["zone"]],
  ["a zone off the half-hour", { zone: "Asia/Kathmandu" }, ["zone"]],
  ["a latitude beyond the pole", { latitude: "91" }, ["latitude"]],
  ["half a position", { latitude: "" }, ["latitude"]],
  ["a group out of reach", { group: "7" }, ["group"]],
  ["half a position beside a wrong zone and a contact without a name", {
    latitude: "",
    zone: "Mars/Olympus",
    contact1Phone: "1",
  }, ["latitude", "contact1Name", "zone"]],
  ["a contact without a name", { contact2Phone: "1" }, ["contact2Name"]],
  ["a contact's address that is none", { contact1Name: "Jo", contact1Email: "jo" }, ["contact1Email"]],
  ["a field that is not asked for", { ownerId: "1" }, [""]],
  ["no version", { version: "x" }, ["version"]],
];

for (const [name, more, fields] of WRONG_SITES) {
  Deno.test(`readSiteForm() refuses ${name}`, () =>
    deepStrictEqual(
      Object.keys(faults(readSiteForm(formOf(SITE, more), { groupIds: [null] })) as object),
      fields,
    ));
}

Deno.test("readSiteForm() wants a group of whoever reaches groups alone", () => {
  deepStrictEqual(Object.keys(faults(readSiteForm(formOf(SITE), { groupIds: [3] })) as object), ["group"]);
  strictEqual(readSiteForm(formOf(SITE, { group: "3" }), { groupIds: [3] }).ok, true);
});

const ROUTER: Form = {
  version: "0",
  do: "stay",
  unitId: "1",
  profileId: "teltonika-rut9xx",
  path1Kind: "cellular",
  path1Host: "203.0.113.7",
  path3Kind: "wired",
  path3Host: "198.51.100.7",
  endpoint1Id: "4",
  endpoint1Kind: "router",
  endpoint1Port: "502",
  endpoint2Kind: "gateway",
  endpoint2Port: "1502",
  endpoint2PauseMs: "50",
  iccid: "89 4450 1234 5678 9012",
  allowanceMB: "500",
};

Deno.test("readRouterForm() keeps the order of paths, leaves empty rows out and gives new ports a number", () => {
  const read = readRouterForm(formOf(ROUTER, { password: "pass word" }), LIBRARY);
  strictEqual(read.ok, true);
  if (!read.ok) return;
  deepStrictEqual(read.value.step.paths, [{ kind: "cellular", host: "203.0.113.7" }, {
    kind: "wired",
    host: "198.51.100.7",
  }]);
  deepStrictEqual(read.value.step.endpoints, [
    { id: 4, port: 502, kind: "router", pauseMs: 0, responseTimeoutMs: null },
    { id: 5, port: 1502, kind: "gateway", pauseMs: 50, responseTimeoutMs: null },
  ]);
  strictEqual(read.value.step.sim.iccid, "894450123456789012");
  deepStrictEqual(read.value.password, { kind: "set", plain: "pass word" });
});

const WRONG_ROUTERS: readonly [string, Form, readonly string[]][] = [
  ["no address", { path1Host: "", path3Host: "" }, ["path1Host"]],
  ["one address twice", { path3Host: "203.0.113.7" }, ["path3Host"]],
  ["an address that is none, beside a port that is none", { path1Host: "1.2.3", endpoint2Port: "0" }, [
    "path1Host",
    "endpoint2Port",
  ]],
  ["one port twice", { endpoint2Port: "502" }, ["endpoint2Port"]],
  ["no port", { endpoint1Port: "", endpoint2Port: "" }, ["endpoint1Port"]],
  ["a kind that is none", { path1Kind: "pigeon" }, ["path1Kind"]],
  ["an ICCID that is none", { iccid: "1234" }, ["iccid"]],
  ["a meter's profile", { profileId: "eastron-sdm630" }, ["profileId"]],
  ["a wait of a minute and more", { endpoint1ResponseTimeoutMs: "60001" }, ["endpoint1ResponseTimeoutMs"]],
];

for (const [name, more, fields] of WRONG_ROUTERS) {
  Deno.test(`readRouterForm() refuses ${name}`, () =>
    deepStrictEqual(Object.keys(faults(readRouterForm(formOf(ROUTER, more), LIBRARY)) as object), fields));
}

const REGISTRATION: Registration = {
  ...EMPTY_REGISTRATION,
  router: (() => {
    const read = readRouterForm(formOf(ROUTER), LIBRARY);
    return read.ok ? read.value.step : null;
  })(),
};

const DEVICE: Form = {
  version: "0",
  do: "stay",
  name: "",
  profileId: "eastron-sdm630",
  unitId: "3",
  endpointId: "5",
  endUse: "heating",
  appliedBy: "wattpost",
  ctPrimaryA: "200",
  ctSecondaryA: "5",
  maxPowerKw: "69,5",
};

Deno.test("readDeviceForm() names a device after its model where nobody does", () => {
  const read = readDeviceForm(formOf(DEVICE), { registration: REGISTRATION, id: 9, find: profileOf });
  strictEqual(read.ok, true);
  if (!read.ok) return;
  const { name, maxPowerW, transformer, id } = read.value.step;
  deepStrictEqual([id, name, maxPowerW], [9, "SDM630-Modbus V2 3", 69_500]);
  deepStrictEqual(transformer, {
    ctPrimaryA: 200,
    ctSecondaryA: 5,
    vtPrimaryV: 1,
    vtSecondaryV: 1,
    appliedBy: "wattpost",
  });
});

const WRONG_DEVICES: readonly [string, Form, readonly string[]][] = [
  ["unit 248", { unitId: "248" }, ["unitId"]],
  ["unit 254", { unitId: "254" }, ["unitId"]],
  ["unit 256", { unitId: "256" }, ["unitId"]],
  ["everybody behind a gateway", { unitId: "0" }, ["unitId"]],
  ["the gateway itself", { unitId: "255" }, ["unitId"]],
  ["a unit that is none", { unitId: "three" }, ["unitId"]],
  ["no model", { profileId: "" }, ["profileId"]],
  ["a router as a meter", { profileId: "teltonika-rutx" }, ["profileId"]],
  ["a port that is not there", { endpointId: "1" }, ["endpointId"]],
  ["a parent that is not there", { parentId: "1" }, ["parentId"]],
  ["ratios without who applies them", { appliedBy: "" }, ["appliedBy"]],
  ["transformers without a ratio", { ctPrimaryA: "" }, ["ctPrimaryA"]],
  [
    "ratios that are too long to be counted exactly",
    { ctPrimaryA: "99999.999", ctSecondaryA: "0.007", vtPrimaryV: "999999.999", vtSecondaryV: "1.001" },
    ["vtPrimaryV"],
  ],
  ["half a voltage transformer", { vtPrimaryV: "10000" }, ["vtSecondaryV"]],
  ["a largest power of nothing", { maxPowerKw: "0" }, ["maxPowerKw"]],
  ["a field that is not asked for", { siteId: "1" }, [""]],
];

for (const [name, more, fields] of WRONG_DEVICES) {
  Deno.test(`readDeviceForm() refuses ${name}`, () => {
    const read = readDeviceForm(formOf(DEVICE, more), { registration: REGISTRATION, id: 9, find: profileOf });
    deepStrictEqual(Object.keys(faults(read) as object), fields);
  });
}

Deno.test("readHoursForm() takes Monday's hours for the week, and says which day is wrong", () => {
  const same = readHoursForm(
    formOf({ version: "1", do: "next", day0: "8-18", day1: "x", sameAsMonday: "on" }),
  );
  deepStrictEqual(same.ok && same.value.hours?.[4], [{ fromMin: 480, toMin: 1080 }]);
  const wrong = readHoursForm(formOf({ version: "1", do: "next", day0: "8-18", day1: "x", day6: "18-8" }));
  deepStrictEqual(Object.keys(faults(wrong) as object), ["day1", "day6"]);
  const nothing = readHoursForm(formOf({ version: "1", do: "next", day0: " ", sameAsMonday: "on" }));
  deepStrictEqual(nothing.ok && nothing.value.hours, null, "a week without a word is not a closed one");
  const skipped = readHoursForm(formOf({ version: "1", do: "skip", day1: "x" }));
  deepStrictEqual(skipped.ok && skipped.value.hours, null);
});
