/**
 * The device step while one types: a test that goes on beside a scan that is followed, and a unit that keeps silent.
 *
 * @module
 */

import type { JSX } from "preact";
import { DevicesStepPage } from "../../lib/ui/pages/register/DevicesStepPage.tsx";
import { LiveTest, type TestHands, type TestOutcome } from "../../lib/ui/pages/register/LiveTest.tsx";
import { ScanPanel } from "../../lib/ui/pages/register/ScanPanel.tsx";
import { framed, type Specimen } from "./frame.tsx";
import { NEW_DEVICE, SCANNING } from "./register_devices.ts";

const HANDS: TestHands = {
  stop: () => {},
  foot: (
    <>
      <label class="tick">
        <input type="checkbox" checked />
        <span>Test as I type</span>
      </label>
      <span class="muted">Each test costs about 4 kB of the SIM, one at a time</span>
    </>
  ),
};

const ACTION = "/sites/register/7/devices/new/test";

const RUNNING: TestOutcome = {
  kind: "running",
  labels: ["Path", "Path", "Connect", "Unit 3", "Block", "Plausible"],
  steps: {
    0: {
      label: "Path",
      state: "critical",
      seen: "Cellular 203.0.113.7: the router refuses the port",
      beginsMs: 0,
      tookMs: 340,
      advice: "See on the router that Modbus TCP is switched on and the port is right",
      findings: [],
    },
    2: {
      label: "Connect",
      state: "warn",
      seen: "Connected to 198.51.100.9, port 503; the main path does not do: the router refuses the port",
      beginsMs: 340,
      tookMs: 212,
      advice: null,
      findings: [],
    },
  },
};

const WAITING: TestOutcome = { kind: "running", labels: [], steps: {} };

const FAULTS: TestOutcome = {
  kind: "refused",
  title: "Not tested yet",
  words: "Unit: Unit 250 is nobody's: 1 to 247, or 0 and 255 for a device reached directly.",
};

function typing(outcome: TestOutcome): JSX.Element {
  const { scan } = SCANNING;
  return (
    <DevicesStepPage
      {...NEW_DEVICE}
      parts={{
        test: <LiveTest action={ACTION} outcome={outcome} hands={HANDS} />,
        scan: outcome === RUNNING && scan ? <ScanPanel scan={scan} followed /> : undefined,
      }}
    />
  );
}

/** All of them. */
export function typingSpecimens(): readonly Specimen[] {
  const specimen = (name: string, outcome: TestOutcome): Specimen => ({
    name: `register-${name}`,
    title: "Register a site",
    body: framed("sites", typing(outcome)),
  });
  return [
    specimen("typing", RUNNING),
    specimen("typing-waiting", WAITING),
    specimen("typing-faults", FAULTS),
  ];
}
