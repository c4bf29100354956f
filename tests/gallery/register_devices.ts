/**
 * Devices of a draft for the gallery: one that reads wrong words, one that is silent, a new one, and scans.
 *
 * @module
 */

import type { StepName, StepState } from "../../lib/domain/registration.ts";
import type { DeviceFormProps } from "../../lib/ui/pages/register/DeviceForm.tsx";
import type { DeviceNavItem } from "../../lib/ui/pages/register/DevicesNav.tsx";
import type { DevicesStepPageProps } from "../../lib/ui/pages/register/DevicesStepPage.tsx";
import type { TestStep, TestValue } from "../../lib/ui/pages/register/LiveTest.tsx";
import type { RegisterFrameProps } from "../../lib/ui/pages/register/RegisterFrame.tsx";

/** Where the draft is. */
export const AT = "/sites/register/7";

/** The frame around a step; steps that are not named are to do. */
export function frameOf(
  step: StepName,
  states: readonly StepState[],
  more: Partial<RegisterFrameProps> = {},
): RegisterFrameProps {
  const names = ["site", "router", "devices", "hours", "check"] as const;
  return {
    siteName: "Corbridge Primary",
    step,
    steps: names.map((name, index) => ({ name, href: `${AT}/${name}`, state: states[index] ?? "todo" })),
    savedLabel: "10:46",
    draftsHref: "/sites/register",
    told: null,
    ...more,
  };
}

/** Five devices as the list shows them. */
export const DEVICES: readonly DeviceNavItem[] = [
  device("Main incomer", 1, { state: "good", words: "Schneider iEM3255, tested 10:31" }),
  device("Boiler house", 11, { state: "good", words: "Eastron SDM630 v2, tested 10:33" }),
  device("Lighting board", 3, { state: "warn", words: "Schneider iEM3155, 1 of 14 to settle" }),
  device("Kitchen", 12, { state: "critical", words: "No answer, tested 10:40" }),
  device("Server cabinet", 22, { state: "todo", words: "Eastron SDM120, not tested" }),
];

function device(
  name: string,
  unitId: number,
  more: Pick<DeviceNavItem, "state" | "words">,
): DeviceNavItem {
  return { name, unitId, href: `${AT}/devices/${unitId}`, current: false, ...more };
}

function openAt(unitId: number): readonly DeviceNavItem[] {
  return DEVICES.map((each) => ({ ...each, current: each.unitId === unitId }));
}

const FORM: DeviceFormProps = {
  action: `${AT}/devices/3`,
  removeAction: `${AT}/devices/3/remove`,
  values: {
    name: "Lighting board",
    endUse: "lighting",
    parentId: "1",
    profileId: "schneider-iem3000",
    unitId: "3",
    endpointId: "2",
    wholeSite: false,
    appliedBy: "meter",
    ctPrimaryA: "250",
    ctSecondaryA: "5",
    vtPrimaryV: "",
    vtSecondaryV: "",
    serial: "18 204 557",
    label: "DB-L1",
    location: "Plant room, left cabinet",
    maxPowerKw: "40",
  },
  faults: {},
  endUses: [{ value: "", label: "None" }, { value: "lighting", label: "Lighting" }],
  parents: [{ value: "", label: "Nothing" }, { value: "1", label: "Main incomer" }],
  profiles: [{ value: "", label: "Choose one" }, { value: "schneider-iem3000", label: "Schneider iEM3155" }],
  endpoints: [{ value: "1", label: "Router, port 502" }, { value: "2", label: "Gateway, port 503" }],
};

function step(label: string, more: Partial<TestStep>): TestStep {
  return { label, state: "good", seen: "", beginsMs: 0, tookMs: 0, advice: null, findings: [], ...more };
}

const PATHS: readonly TestStep[] = [
  step("Path", { seen: "Wired to 10.84.3.17", beginsMs: 0, tookMs: 61 }),
  step("Path", { seen: "4G on SIM 1, the backup", beginsMs: 61, tookMs: 412 }),
  step("Connect", { seen: "TCP 503 open over wired", beginsMs: 473, tookMs: 87 }),
];

const VALUES: readonly TestValue[] = [
  value("Energy import", {
    address: 3203,
    type: "i64",
    words: "3A25 0AFC 0000 0000",
    text: "4.2 × 10¹⁵",
    unit: "kWh",
    reason: "too large",
  }),
  value("Power total", { address: 3059, type: "f32", words: "4103 6C8B", text: "8,214", unit: "W" }),
  value("Voltage L1–N", { address: 3027, type: "f32", words: "436E 6666", text: "238.4", unit: "V" }),
  value("Voltage L2–N", { address: 3029, type: "f32", words: "436F 199A", text: "239.1", unit: "V" }),
  value("Voltage L3–N", { address: 3031, type: "f32", words: "436D B333", text: "237.7", unit: "V" }),
  value("Current L1", { address: 2999, type: "f32", words: "4139 EB85", text: "11.62", unit: "A" }),
  value("Power factor", { address: 3083, type: "f32", words: "3F7C AC08", text: "0.987", unit: "" }),
];

function value(
  label: string,
  { text, unit, reason = null, ...more }: Pick<TestValue, "address" | "type" | "words"> & {
    readonly text: string;
    readonly unit: string;
    readonly reason?: string | null;
  },
): TestValue {
  return { label, figure: { text, unit }, reason, ...more };
}

/** One value of a device is odd. */
export const DEVICES_PAGE: DevicesStepPageProps = {
  frame: frameOf("devices", ["done", "done", "todo"]),
  version: 5,
  nav: {
    devices: openAt(3),
    addHref: `${AT}/devices/new`,
    scan: {
      action: `${AT}/devices/scan`,
      endpoints: FORM.endpoints,
      endpointId: "2",
      from: "1",
      to: "32",
      faults: {},
      costWords: "At most 9 kB of the SIM and 96 s",
    },
  },
  device: FORM,
  test: {
    action: `${AT}/devices/3/test`,
    outcome: {
      kind: "ran",
      state: "warn",
      words: "13 of 14 plausible",
      atLabel: "10:47:02",
      tookMs: 1606,
      bytes: 3_812,
      steps: [
        ...PATHS,
        step("Unit 3", { seen: "Answers as Schneider iEM3155", beginsMs: 560, tookMs: 254 }),
        step("Block", { seen: "3 requests, 132 words, no exception", beginsMs: 814, tookMs: 786 }),
        step("Plausible", {
          state: "warn",
          seen: "13 of 14 values. Energy import reads 4.2 × 10¹⁵ kWh",
          beginsMs: 1600,
          tookMs: 6,
          findings: [{
            title: "The gateway swaps the words of 64-bit counters",
            words:
              "Register 3203 arrives low word first; the profile says high word first. Choose the profile for gateways that swap, or change the gateway.",
          }],
        }),
      ],
      values: VALUES,
    },
  },
  scan: null,
  testCostWords: "about 4 kB",
};

/** Its unit does not answer, and has another one's number. */
export const SILENT: DevicesStepPageProps = {
  ...DEVICES_PAGE,
  frame: frameOf("devices", ["done", "done", "faulty"]),
  nav: { ...DEVICES_PAGE.nav, devices: openAt(12) },
  device: {
    ...FORM,
    values: {
      ...FORM.values,
      name: "Kitchen",
      unitId: "12",
      appliedBy: "",
      ctPrimaryA: "",
      ctSecondaryA: "",
      parentId: "",
      maxPowerKw: "",
    },
    faults: { unitId: "Boiler house has unit 12 of this endpoint already" },
  },
  test: {
    action: `${AT}/devices/12/test`,
    outcome: {
      kind: "ran",
      state: "critical",
      words: "No answer from unit 12",
      atLabel: "10:40:11",
      tookMs: 7_612,
      bytes: 1_020,
      steps: [
        ...PATHS,
        step("Unit 12", {
          state: "critical",
          seen: "Silent for 2 × 3 s, while unit 11 of the same gateway answers in 210 ms",
          beginsMs: 560,
          tookMs: 7_052,
          advice:
            "The router and the gateway are fine, and so is the bus as far as unit 11. Look at unit 12: its power, its address on the display, its two wires.",
        }),
        step("Block", {
          state: "skipped",
          seen: "Not tried: the unit is silent",
          beginsMs: null,
          tookMs: null,
        }),
        step("Plausible", { state: "skipped", seen: "Not tried", beginsMs: null, tookMs: null }),
      ],
      values: [],
    },
  },
};

/** The first device. */
export const NEW_DEVICE: DevicesStepPageProps = {
  ...DEVICES_PAGE,
  frame: frameOf("devices", ["done", "done", "todo"]),
  nav: {
    ...DEVICES_PAGE.nav,
    devices: [],
    scan: DEVICES_PAGE.nav.scan && {
      ...DEVICES_PAGE.nav.scan,
      to: "300",
      faults: { scanTo: "1 to 247 is expected" },
    },
  },
  device: {
    ...FORM,
    removeAction: null,
    values: {
      ...FORM.values,
      name: "",
      endUse: "",
      parentId: "",
      profileId: "",
      unitId: "",
      appliedBy: "",
      ctPrimaryA: "",
      ctSecondaryA: "",
      serial: "",
      label: "",
      location: "",
      maxPowerKw: "",
    },
  },
  test: { action: `${AT}/devices/new/test`, outcome: { kind: "none" } },
};

/** A scan that runs. */
export const SCANNING: DevicesStepPageProps = {
  ...DEVICES_PAGE,
  nav: { ...DEVICES_PAGE.nav, scan: null },
  test: { ...DEVICES_PAGE.test, outcome: { kind: "busy" } },
  scan: {
    from: 1,
    to: 32,
    endpoint: "serial gateway at port 503",
    asked: 13,
    found: [
      { unitId: 1, words: "Schneider iEM3255" },
      { unitId: 3, words: "Schneider iEM3155" },
      { unitId: 7, words: "answers, model not known", addHref: `${AT}/devices/new?unit=7` },
    ],
    costWords: "4 kB and 31 s so far, at most 57 s more",
    state: { kind: "running", stopAction: `${AT}/devices/scan/stop`, href: `${AT}/devices/3` },
  },
};

/** A scan and a test that could not be. */
export const SCAN_FAILED: DevicesStepPageProps = {
  ...DEVICES_PAGE,
  test: {
    ...DEVICES_PAGE.test,
    outcome: {
      kind: "refused",
      title: "10.84.3.17 is not dialled",
      words: "Private networks need an administrator's leave, given under Admin, Networks.",
    },
  },
  scan: {
    from: 1,
    to: 247,
    endpoint: "router at port 502",
    asked: 20,
    found: [],
    costWords: "6 kB and 61 s",
    state: {
      kind: "failed",
      closeHref: `${AT}/devices/3`,
      words: "The connection was closed three times in a row. Another program may be polling this gateway.",
    },
  },
};
