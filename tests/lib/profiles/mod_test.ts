import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { planBlocks, wordsIn } from "../../../collector/block.ts";
import { decode } from "../../../lib/profiles/decode.ts";
import { WORD_BYTES_MAX } from "../../../lib/domain/visit.ts";
import { channelsOf, countersFirst, profileOf, PROFILES } from "../../../lib/profiles/mod.ts";
import {
  addressesOf,
  type DeviceProfile,
  type RegisterSpec,
  wordsOf,
} from "../../../lib/profiles/profile.ts";
import { DUMPS, wordsByAddress } from "./fixtures.ts";

/** What must hold for every profile, whoever adds one. */
const INVARIANTS: readonly { readonly name: string; readonly check: (profile: DeviceProfile) => void }[] = [
  {
    name: "names its source, its models and a version",
    check: (profile) => {
      match(profile.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      ok(profile.source.length > 20 && profile.models.length > 0 && profile.version >= 1);
    },
  },
  {
    name: "takes no word for two quantities, but bits of one register",
    check: (profile) => {
      const taken = new Map<string, string>();
      for (const [quantity, spec] of Object.entries(profile.registers)) {
        for (const address of addressesOf(spec)) {
          for (let i = 0; i < wordsOf(spec); i++) {
            const bit = spec.encoding === "bit" ? `.${spec.bit}` : "";
            const word = `${spec.functionCode ?? profile.functionCode}:${address + i}`;
            ok(
              !taken.has(word + bit) && !(bit && taken.has(word)),
              `${quantity} and ${taken.get(word + bit)}`,
            );
            taken.set(word + bit, quantity);
          }
        }
      }
    },
  },
  {
    name: "stays within the address space and its own limits",
    check: (profile) => {
      ok(profile.wordsPerRequest >= 1 && profile.wordsPerRequest <= 125);
      ok(profile.gapWords >= 0 && profile.gapWords < profile.wordsPerRequest && profile.requestMs > 0);
      for (const spec of Object.values(profile.registers)) {
        const length = wordsOf(spec);
        ok(length >= 1 && length <= profile.wordsPerRequest);
        ok(addressesOf(spec).every((address) => address >= 0 && address + length <= 65_536));
      }
    },
  },
  {
    name: "has no number whose words are too many to be kept",
    check: (profile) => {
      for (const [quantity, spec] of Object.entries(profile.registers)) {
        const bytes = 2 * wordsOf(spec) * addressesOf(spec).length;
        ok(spec.kind === "text" || bytes <= WORD_BYTES_MAX, `${quantity}: ${bytes} bytes`);
      }
    },
  },
  {
    name: "has a counter specification for counters and only for them",
    check: (profile) => {
      for (const [quantity, spec] of Object.entries(profile.registers)) {
        strictEqual(spec.kind === "counter", spec.counter !== undefined, quantity);
        if (!spec.counter) continue;
        const { numerator, denominator, modulus } = spec.counter;
        ok(
          Number.isInteger(numerator) && numerator >= 1 && Number.isInteger(denominator) && denominator >= 1,
        );
        const float = spec.encoding.startsWith("f");
        ok(float || spec.scale === undefined, `${quantity}: integer counters are kept in register counts`);
        ok(!float || modulus === null, `${quantity}: a float never rolls over`);
        ok(modulus === null || Number.isSafeInteger(modulus));
        ok(
          ["Wh", "varh", "VAh", "L", "s", "count"].includes(spec.unit),
          `${quantity} counts in ${spec.unit}`,
        );
      }
    },
  },
  {
    name: "has sane ranges, decimals, bits and sentinels",
    check: (profile) => {
      for (const [quantity, spec] of Object.entries(profile.registers)) {
        match(quantity, /^[a-z][A-Za-z0-9]*$/);
        if (spec.range) ok(spec.range[0] < spec.range[1], quantity);
        if (spec.kind === "counter") ok(spec.range && spec.range[0] === 0, quantity);
        if (spec.kind !== "gauge") strictEqual(spec.decimals, undefined, quantity);
        ok((spec.decimals ?? 0) <= 6 && (spec.scale ?? 1) > 0, quantity);
        strictEqual(spec.encoding === "bit", spec.bit !== undefined, quantity);
        for (const sentinel of spec.sentinels ?? []) {
          match(sentinel, new RegExp(`^[0-9a-f]{${wordsOf(spec) * 4}}$`));
        }
        if (spec.encoding === "string" || spec.encoding === "ipv4") strictEqual(spec.kind, "text", quantity);
      }
    },
  },
  {
    name: "says in a name's last letters the unit it has",
    check: (profile) => {
      const ends = {
        Wh: "Wh",
        varh: "Varh",
        VAh: "VAh",
        W: "W",
        V: "V",
        A: "A",
        Hz: "Hz",
        dBm: "Dbm",
        "°C": "C",
      };
      for (const [quantity, spec] of Object.entries(profile.registers)) {
        const end = Object.entries(ends).find(([unit]) => unit === spec.unit)?.[1];
        if (end) ok(quantity.endsWith(end), `${quantity} is in ${spec.unit}`);
      }
    },
  },
];

for (const { name, check } of INVARIANTS) {
  Deno.test(`PROFILES: every one ${name}`, () => {
    for (const profile of PROFILES) {
      try {
        check(profile);
      } catch (cause) {
        throw new Error(`${profile.id} does not`, { cause });
      }
    }
  });
}

Deno.test("PROFILES have ids that are theirs alone", () => {
  strictEqual(new Set(PROFILES.map((profile) => profile.id)).size, PROFILES.length);
  for (const profile of PROFILES) strictEqual(profileOf(profile.id), profile);
  strictEqual(profileOf("nobody"), undefined);
});

Deno.test("PROFILES have a register dump each", () => {
  deepStrictEqual(DUMPS.map((dump) => dump.profile).sort(), PROFILES.map((profile) => profile.id).sort());
});

for (const dump of DUMPS) {
  Deno.test(`decode() reads the dump of ${dump.profile} through planned requests`, () => {
    const profile = profileOf(dump.profile);
    ok(profile && dump.wordsFrom.length > 20);
    const wanted = Object.entries(profile.registers).map(([quantity, spec]) => ({ quantity, spec }));
    const said: Record<string, number | string> = {};
    for (const span of planBlocks(wanted, profile)) {
      const held = wordsByAddress(dump, span.functionCode);
      const answer = Array.from({ length: span.count }, (_, i) => held.get(span.address + i) ?? 0);
      for (const quantity of span.quantities) {
        const spec: RegisterSpec | undefined = profile.registers[quantity];
        ok(spec && addressesOf(spec).every((address) => held.has(address)), `${quantity} is not in the dump`);
        const decoded = decode(wordsIn(span, answer, spec), spec, profile.wordOrder);
        ok(decoded.ok, `${quantity}: ${decoded.ok ? "" : decoded.error}`);
        said[quantity] = decoded.value.kind === "text" ? decoded.value.text : decoded.value.value;
      }
    }
    deepStrictEqual(said, { ...dump.values });
  });
}

for (const dump of DUMPS) {
  for (const { quantity, words } of dump.noValue ?? []) {
    Deno.test(`decode() takes ${words} of ${dump.profile} for no ${quantity}`, () => {
      const profile = profileOf(dump.profile);
      const spec = profile?.registers[quantity];
      ok(profile && spec);
      const sent = words.split(" ").map((digits) => parseInt(digits, 16));
      const decoded = decode(sent, spec, profile.wordOrder);
      strictEqual(decoded.ok || decoded.error, "not-a-number");
    });
  }
}

Deno.test("decode() refuses the energy that a device sends below zero", () => {
  for (const profile of PROFILES) {
    for (const [quantity, spec] of Object.entries(profile.registers)) {
      if (spec.kind !== "counter" || !["f32", "i32", "i64"].includes(spec.encoding) || spec.plus) continue;
      const minusOne = { f32: [0xbf80, 0], i32: [0xffff, 0xffff], i64: [0xffff, 0xffff, 0xffff, 0xffff] };
      const words = minusOne[spec.encoding as keyof typeof minusOne];
      const little = (spec.wordOrder ?? profile.wordOrder) === "little";
      const decoded = decode(little ? words.toReversed() : words, spec, profile.wordOrder);
      strictEqual(decoded.ok || decoded.error, "out-of-range", `${profile.id} ${quantity}`);
    }
  }
});

Deno.test("PROFILES are at least 27, of meters, routers, supplies, inputs and air conditioners", () => {
  ok(PROFILES.length >= 27, `${PROFILES.length}`);
  const kinds = new Set(PROFILES.map(({ kind }) => kind));
  deepStrictEqual([...kinds].sort(), ["hvac", "io", "meter", "pulse", "router", "ups"]);
});

Deno.test("PROFILES that nobody could verify say in a quirk what is not certain", () => {
  for (const profile of PROFILES) {
    if (profile.confidence === "unverified") ok((profile.quirks ?? []).length > 0, profile.id);
  }
});

Deno.test("channelsOf() has a channel a quantity, and decimals for gauges alone", () => {
  for (const profile of PROFILES) {
    const channels = channelsOf(profile);
    deepStrictEqual(channels.map((channel) => channel.quantity), Object.keys(profile.registers));
    ok(channels.every((channel) => channel.kind === "gauge" || channel.decimals === 0));
  }
});

Deno.test("countersFirst() puts no counter behind another quantity", () => {
  for (const profile of PROFILES) {
    const counters = countersFirst(profile).map((quantity) =>
      profile.registers[quantity]?.kind === "counter"
    );
    strictEqual(counters.lastIndexOf(true) + 1, counters.filter(Boolean).length);
    strictEqual(counters.length, Object.keys(profile.registers).length);
  }
});
