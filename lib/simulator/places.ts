/**
 * Where the simulated estate stands: towns that exist, premises that do not.
 *
 * @module
 */

import type { EndUse } from "../domain/end_use.ts";
import type { WeekHours } from "../domain/site.ts";

/** A town with the place of its market square or so. */
export interface Town {
  /** Its name. */
  readonly name: string;
  /** IANA zone. */
  readonly zone: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
}

const LONDON = "Europe/London";

function british(name: string, latitude: number, longitude: number): Town {
  return { name, zone: LONDON, latitude, longitude };
}

/** Mostly in Britain, a few elsewhere. */
export const TOWNS: readonly [Town, ...Town[]] = [
  british("Shrewsbury", 52.708, -2.754),
  british("Kendal", 54.328, -2.746),
  british("Stirling", 56.117, -3.937),
  british("Wells", 51.209, -2.647),
  british("Skipton", 53.962, -2.016),
  british("Ludlow", 52.368, -2.718),
  british("Hexham", 54.971, -2.101),
  british("Bodmin", 50.469, -4.718),
  british("Oban", 56.415, -5.472),
  british("Diss", 52.376, 1.109),
  british("Whitby", 54.486, -0.613),
  british("Brecon", 51.948, -3.391),
  british("Louth", 53.366, -0.006),
  british("Nairn", 57.586, -3.869),
  british("Hythe", 51.072, 1.083),
  british("Omagh", 54.598, -7.309),
  british("Corby", 52.492, -0.684),
  british("Buxton", 53.259, -1.911),
  british("Dorking", 51.232, -0.331),
  british("Bangor", 53.228, -4.129),
  { name: "Ennis", zone: "Europe/Dublin", latitude: 52.843, longitude: -8.986 },
  { name: "Gouda", zone: "Europe/Amsterdam", latitude: 52.011, longitude: 4.711 },
  { name: "Ribe", zone: "Europe/Copenhagen", latitude: 55.328, longitude: 8.762 },
  { name: "Braga", zone: "Europe/Lisbon", latitude: 41.545, longitude: -8.427 },
];

/** First halves of made-up names. */
export const NAMES: readonly [string, ...string[]] = [
  "Ashcombe",
  "Larkfield",
  "Millbrook",
  "Harrow Lane",
  "Station Road",
  "Tanner's Yard",
  "Copperfield",
  "Long Acre",
  "Saltmarsh",
  "Foxhill",
  "Priory Street",
  "Weir Side",
  "Quarry Bank",
  "Meadow Park",
  "Old Forge",
  "Kiln Lane",
  "Beacon Rise",
  "Ferry Road",
  "Thornbury Way",
  "Castle Dyke",
  "Orchard View",
  "Windmill Hill",
];

/** A meter of a kind of site. */
export interface PlannedMeter {
  /** What people call it. */
  readonly name: string;
  /** What its load is for; `null`: it sees the whole site. */
  readonly endUse: EndUse | null;
  /** Largest power in W, lowest and highest; of a whole site it follows from the others. */
  readonly powerW: readonly [number, number];
  /** Whether every site of the kind has it. */
  readonly always: boolean;
}

/** A kind of site. */
export interface SiteKind {
  /** Second half of the name. */
  readonly word: string;
  /** When it is meant to run; `null`: always. */
  readonly hours: WeekHours | null;
  /** Its meters, the incomer first where it has one. */
  readonly meters: readonly PlannedMeter[];
}

function week(fromMin: number, toMin: number, days: number): WeekHours {
  return Array.from({ length: 7 }, (_, day) => day < days ? [{ fromMin, toMin }] : []);
}

const MAINS: PlannedMeter = { name: "Main incomer", endUse: null, powerW: [0, 0], always: true };

function meter(name: string, endUse: EndUse, powerW: readonly [number, number], always = true): PlannedMeter {
  return { name, endUse, powerW, always };
}

/** The kinds of sites. */
export const KINDS: readonly [SiteKind, ...SiteKind[]] = [
  {
    word: "Shop",
    hours: [...week(450, 1260, 6).slice(0, 6), [{ fromMin: 600, toMin: 960 }]],
    meters: [
      MAINS,
      meter("Refrigeration", "cooling", [12_000, 30_000]),
      meter("Sales floor lighting", "lighting", [4_000, 11_000]),
      meter("Air curtain and heating", "heating", [9_000, 24_000]),
      meter("Bakery ovens", "other", [8_000, 20_000], false),
      meter("Tills and servers", "server", [900, 2_400], false),
    ],
  },
  {
    word: "Depot",
    hours: week(360, 1200, 5),
    meters: [
      MAINS,
      meter("Warehouse lighting", "lighting", [6_000, 18_000]),
      meter("Truck chargers", "other", [15_000, 45_000]),
      meter("Office heating", "heating", [6_000, 15_000]),
      meter("Wash hall", "water", [4_000, 12_000], false),
      meter("Cold store", "cooling", [12_000, 35_000], false),
    ],
  },
  {
    word: "Pumping Station",
    hours: null,
    meters: [
      meter("Pump 1", "water", [11_000, 45_000]),
      meter("Pump 2", "water", [11_000, 45_000]),
      meter("Frost protection", "heating", [2_000, 5_000]),
      meter("Controls", "other", [500, 1_500]),
    ],
  },
  {
    word: "Mast",
    hours: null,
    meters: [
      meter("Radio cabinet", "server", [3_000, 9_000]),
      meter("Rectifiers and batteries", "ups", [1_500, 4_000]),
      meter("Cabinet cooling", "cooling", [1_500, 4_500]),
    ],
  },
  {
    word: "Office",
    hours: week(420, 1140, 5),
    meters: [
      MAINS,
      meter("Server room", "server", [5_000, 16_000]),
      meter("UPS", "ups", [2_000, 6_000]),
      meter("Office lighting", "lighting", [4_000, 12_000]),
      meter("Chillers", "cooling", [12_000, 32_000]),
      meter("Heat pumps", "heating", [10_000, 28_000]),
      meter("Kitchen and sockets", "other", [5_000, 15_000]),
      meter("Water heaters", "water", [3_000, 9_000], false),
    ],
  },
];
