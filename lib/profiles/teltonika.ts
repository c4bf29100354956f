/**
 * Teltonika routers: their own Modbus TCP server, which is off until someone turns it on. The wire address is
 * the "register address" of the maker's wiki (uptime is 1).
 *
 * @module
 */

import { defineProfile, type DeviceProfile, type RegisterSpec } from "./profile.ts";

const SIGNAL: RegisterSpec = {
  address: 3,
  encoding: "i32",
  kind: "gauge",
  unit: "dBm",
  range: [-150, -10],
  note: "RSSI of the modem in use",
};

function text(address: number, words: number, more: Partial<RegisterSpec> = {}): RegisterSpec {
  return { address, encoding: "string", words, kind: "text", unit: "", ...more };
}

/** Bytes over the air since the SIM's month began; the router starts it again each month, so it is no counter. */
function bytesThisMonth(address: number, note: string): RegisterSpec {
  return { address, encoding: "u32", kind: "gauge", unit: "B", daily: true, note };
}

function degrees(address: number, limit: number): RegisterSpec {
  return {
    address,
    encoding: "f32-either",
    kind: "gauge",
    unit: "°",
    decimals: 5,
    range: [-limit, limit],
    note:
      "High byte first, or fully reversed with some firmware: the order that is in range is taken; 0: no fix",
  };
}

function state(address: number, encoding: "u16" | "i32", note: string): RegisterSpec {
  return { address, encoding, kind: "state", unit: "", range: [0, 1], note };
}

/** What every router of the two families has. */
const COMMON: Readonly<Record<string, RegisterSpec>> = {
  uptimeS: { address: 1, encoding: "u32", kind: "gauge", unit: "s", range: [0, 1e9] },
  signalDbm: SIGNAL,
  temperatureC: {
    address: 5,
    encoding: "i32",
    kind: "gauge",
    unit: "°C",
    scale: 0.1,
    decimals: 1,
    range: [-60, 125],
  },
  operator: text(23, 16),
  simSlotText: text(87, 16, { note: '"sim1" or "sim2"' }),
  registration: text(103, 16, { note: "Registration with the mobile network" }),
  networkType: text(119, 16),
  wanAddress: { address: 139, encoding: "ipv4", kind: "text", unit: "" },
  latitudeDeg: degrees(143, 90),
  longitudeDeg: degrees(145, 180),
  satellites: { address: 181, encoding: "u32", kind: "gauge", unit: "count", range: [0, 128] },
  inputPower4: state(324, "u16", "Input on the 4-pin power connector"),
  outputPower4: state(325, "u16", "Output on the 4-pin power connector"),
  sim1ReceivedMonthB: bytesThisMonth(193, "SIM 1, received this month"),
  sim1SentMonthB: bytesThisMonth(195, "SIM 1, sent this month"),
  sim2ReceivedMonthB: bytesThisMonth(308, "SIM 2, received this month"),
  sim2SentMonthB: bytesThisMonth(310, "SIM 2, sent this month"),
  hostname: text(7, 16, { daily: true }),
  serial: text(39, 16, { daily: true }),
  imsi: text(348, 16, { daily: true, note: "Subscriber identity of the SIM in use" }),
};

const SHARED = {
  version: 1,
  vendor: "Teltonika",
  kind: "router",
  confidence: "verified",
  functionCode: 3,
  wordOrder: "big",
  wordsPerRequest: 125,
  gapWords: 0,
  requestMs: 150,
  maxPowerW: null,
} as const;

const QUIRKS = [
  "The server is off by default; opening it on the WAN side belongs behind a VPN or an address list",
  "No register tells ICCID, IMEI, WAN in use or failover; the IMSI tells a new SIM",
  "The data counters are in bytes unless the router's setting says kB or MB, and 32-bit ones wrap at 4.29 GB",
  "Registers between the listed ones are not read across, as no source says what they answer",
  "A read that starts or ends inside a value is refused by some firmware",
  "One report has the uptime at wire address 0: compare two readings when registering",
  "Models without GNSS or a second SIM answer 0 or an exception",
];

/** RUT950 and RUT955: with digital and analog inputs. */
export const rut9xx: DeviceProfile = defineProfile({
  ...SHARED,
  id: "teltonika-rut9xx",
  models: ["RUT955", "RUT956", "RUT950"],
  source:
    'Teltonika wiki, RUT955 Modbus, table "Get parameters" (register address); IP-Symcon and Signal K modules agree',
  registers: {
    ...COMMON,
    input1: state(135, "i32", "Digital input 1"),
    input2: state(137, "i32", "Digital input 2, isolated"),
    analogInputV: {
      address: 141,
      encoding: "u32",
      kind: "gauge",
      unit: "V",
      scale: 0.001,
      decimals: 2,
      range: [0, 60],
      note: "mV on the wire",
    },
    outputCollector: state(201, "u16", "Open-collector output"),
    outputRelay: state(202, "u16", "Relay output"),
    simSlot: { address: 205, encoding: "u16", kind: "state", unit: "", range: [1, 2], note: "SIM in use" },
  },
  quirks: [...QUIRKS, "RUT956 is taken to be as RUT955; RUT950 has no position"],
});

/** RUTX: with position, without the inputs of the RUT955. */
export const rutx: DeviceProfile = defineProfile({
  ...SHARED,
  id: "teltonika-rutx",
  models: ["RUTX11", "RUTX14", "RUTX09", "RUTX50", "RUTXR1"],
  source: 'Teltonika wiki, RUTX11 Modbus, table "Get parameters" (register address); Signal K plugin agrees',
  registers: {
    ...COMMON,
    simSlot: { address: 205, encoding: "u16", kind: "state", unit: "", range: [1, 2], note: "SIM in use" },
  },
  quirks: QUIRKS,
});
