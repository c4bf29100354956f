import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readinessOf } from "../../../lib/domain/readiness.ts";
import {
  type DeviceStep,
  EMPTY_REGISTRATION,
  faultsOf,
  reachedBy,
  type Registration,
  type RouterStep,
  type SiteStep,
  stepStates,
  testOf,
} from "../../../lib/domain/registration.ts";

const SITE: SiteStep = {
  name: "Kiln Lane",
  groupId: null,
  address: "1 Kiln Lane",
  town: "Epsom",
  zone: "Europe/London",
  latitude: 51.3,
  longitude: -0.2,
  contacts: [{ name: "Jo", phone: "+44 1", email: "" }],
};
const ROUTER: RouterStep = {
  model: null,
  serial: null,
  profileId: "teltonika-rut9xx",
  unitId: 1,
  paths: [{ kind: "cellular", host: "203.0.113.7" }, { kind: "wired", host: "198.51.100.7" }],
  endpoints: [
    { id: 1, port: 502, kind: "router", pauseMs: 0, responseTimeoutMs: null },
    { id: 2, port: 1502, kind: "gateway", pauseMs: 0, responseTimeoutMs: null },
  ],
  user: null,
  sim: { iccid: null, number: null, operator: null, apn: null, allowanceMB: 500 },
};
const METER: DeviceStep = {
  id: 1,
  name: "Incomer",
  endpointId: 2,
  unitId: 1,
  profileId: "eastron-sdm630",
  endUse: "other",
  wholeSite: true,
  parentId: null,
  serial: "123",
  label: null,
  location: null,
  maxPowerW: null,
  transformer: null,
};
const WHOLE: Registration = {
  site: SITE,
  router: ROUTER,
  devices: [METER],
  hours: [[], [], [], [], [], [], []],
  hoursSeen: true,
  tests: { "1": { atMs: 1, state: "good", words: "13 of 13", of: reachedBy(METER) } },
};

const meter = (more: Partial<DeviceStep>): DeviceStep => ({ ...METER, ...more });
const FAULTY: readonly [string, Registration, readonly string[]][] = [
  ["nothing at all", EMPTY_REGISTRATION, [
    "site: The site has no name and zone yet",
    "router: The router has no address yet",
    "devices: There is nothing to read yet: add a device",
  ]],
  ["a whole one", WHOLE, []],
  ["a router alone, by its own registers", { ...WHOLE, devices: [] }, []],
  ["a router's profile without its own port", {
    ...WHOLE,
    router: { ...ROUTER, endpoints: ROUTER.endpoints.slice(1) },
  }, ["router: The router is to be read, but none of its ports is its own server"]],
  ["two devices on one unit of one port", { ...WHOLE, devices: [METER, meter({ id: 2, name: "Ovens" })] }, [
    "devices 2: Ovens and Incomer are both unit 1 of one port",
  ]],
  ["one unit on two ports", { ...WHOLE, devices: [METER, meter({ id: 2, endpointId: 1 })] }, []],
  ["a port that was taken away", { ...WHOLE, devices: [meter({ endpointId: 9 })] }, [
    "devices 1: The port of Incomer is not there any more: choose another one",
  ]],
  ["unit 255 behind a gateway", { ...WHOLE, devices: [meter({ unitId: 255 })] }, [
    "devices 1: Unit 255 of Incomer is for devices that are reached directly: 1 to 247",
  ]],
  ["a device that is part of itself", { ...WHOLE, devices: [meter({ parentId: 1 })] }, [
    "devices 1: Incomer is part of itself: choose another parent",
  ]],
  ["two that are part of each other", {
    ...WHOLE,
    devices: [meter({ parentId: 2 }), meter({ id: 2, unitId: 2, name: "Ovens", parentId: 1 })],
  }, [
    "devices 1: Incomer is part of itself: choose another parent",
    "devices 2: Ovens is part of itself: choose another parent",
  ]],
];

for (const [name, registration, want] of FAULTY) {
  Deno.test(`faultsOf() of ${name}`, () =>
    deepStrictEqual(
      faultsOf(registration).map(({ step, deviceId, words }) =>
        `${step}${deviceId === null ? "" : ` ${deviceId}`}: ${words}`
      ),
      want,
    ));
}

Deno.test("stepStates() tells what is done, what is to do and what is faulty", () => {
  deepStrictEqual(stepStates(EMPTY_REGISTRATION), {
    site: "todo",
    router: "todo",
    devices: "todo",
    hours: "todo",
    check: "todo",
  });
  const faulty = { ...WHOLE, devices: [METER, meter({ id: 2 })] };
  deepStrictEqual(stepStates(faulty), {
    site: "done",
    router: "done",
    devices: "faulty",
    hours: "done",
    check: "todo",
  });
});

Deno.test("readinessOf() gives 100 points to a site with everything, none to nothing", () => {
  deepStrictEqual(readinessOf(WHOLE), { score: 100, missing: [] });
  strictEqual(readinessOf(EMPTY_REGISTRATION).score, 0);
});

Deno.test("testOf() says nothing of a device that is reached otherwise now, and does not mind its name", () => {
  strictEqual(testOf(WHOLE, { ...METER, name: "Another" })?.words, "13 of 13");
  strictEqual(testOf(WHOLE, { ...METER, unitId: 2 }), null);
  strictEqual(testOf(WHOLE, { ...METER, id: 2 }), null);
});

Deno.test("readinessOf() says first what brings most, and how many tests are to do", () => {
  const devices = [METER, meter({ id: 2, unitId: 2, serial: null, wholeSite: false })];
  const { score, missing } = readinessOf({ ...WHOLE, devices, hours: null, tests: {} });
  deepStrictEqual(missing.map(({ what, points }) => `${what} ${points}`), [
    "Good tests of 2 devices 20",
    "Operating hours 10",
    "Serial numbers 5",
  ]);
  strictEqual(score, 65);
});
