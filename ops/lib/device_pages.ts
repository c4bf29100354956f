/**
 * The pages in docs/devices, made from the profiles: one a device and a list of all. Pure.
 *
 * @module
 */

import { PROFILES } from "../../lib/profiles/mod.ts";
import { addressesOf, type DeviceProfile, type RegisterSpec, wordsOf } from "../../lib/profiles/profile.ts";
import { ORDER_WORDS, worthWords } from "../../lib/profiles/words.ts";

/** A page by its file name. */
export interface DevicePage {
  /** Name within docs/devices. */
  readonly file: string;
  /** Markdown. */
  readonly text: string;
}

const MADE = "<!-- deno-fmt-ignore-file -->\n<!-- Made from lib/profiles by `deno task docs`. -->\n";

/** All pages, the list first. */
export function formatDevicePages(): readonly DevicePage[] {
  return [
    { file: "README.md", text: formatList() },
    ...PROFILES.map((profile) => ({ file: `${profile.id}.md`, text: formatDevice(profile) })),
  ];
}

function formatList(): string {
  const rows = PROFILES.map((profile) => [
    `[${profile.id}](${profile.id}.md)`,
    profile.vendor,
    profile.models.join(", "),
    profile.kind,
    profile.confidence,
    String(Object.keys(profile.registers).length),
  ]);
  return `${MADE}
# Devices

Register maps that Wattpost reads, each a file in \`lib/profiles\`. *Verified*: the vendor's document and a second
source agree. *Unverified*: compare what is read with the device's display when you register it.

${table(["Profile", "Vendor", "Models", "Kind", "Confidence", "Quantities"], rows)}
`;
}

function formatDevice(profile: DeviceProfile): string {
  const rows = Object.entries(profile.registers).map(([quantity, spec]) => rowOf(quantity, spec, profile));
  const quirks = (profile.quirks ?? []).map((quirk) => `- ${quirk}`).join("\n");
  return `${MADE}
# ${profile.vendor}: ${profile.models.join(", ")}

| | |
| --- | --- |
| Profile | \`${profile.id}\`, version ${profile.version} |
| Kind | ${profile.kind} |
| Source | ${cell(profile.source)} |
| Confidence | ${profile.confidence} |
| Function code | ${profile.functionCode} |
| Word order | ${ORDER_WORDS[profile.wordOrder]} |
| Registers in a request | at most ${profile.wordsPerRequest}; gaps of up to ${profile.gapWords} are read through |
| A request takes | about ${profile.requestMs} ms behind a serial line |
| Counters without power | ${profile.forgetsWithoutPower ? "fall to 0" : "keep their value"} |

Addresses are the ones on the wire, counted from 0.

${table(["Quantity", "Address", "Encoding", "Meaning", "Kind", "Believable", "Note"], rows)}
${quirks && `\n${quirks}\n`}`;
}

function rowOf(quantity: string, spec: RegisterSpec, profile: DeviceProfile): readonly string[] {
  const code = spec.functionCode ?? profile.functionCode;
  const addresses = addressesOf(spec).map((address) =>
    `${address} (0x${address.toString(16).toUpperCase()})`
  );
  const words = wordsOf(spec);
  const bit = spec.encoding === "bit" ? ` ${spec.bit}` : "";
  const notes = [
    spec.note,
    code === profile.functionCode ? undefined : `function code ${code}`,
    spec.sentinels && `no value: ${spec.sentinels.map((hex) => `0x${hex}`).join(", ")}`,
    spec.daily && "read once a day",
  ];
  return [
    `\`${quantity}\``,
    addresses.join(" + "),
    `${spec.encoding}${bit}, ${words} ${words === 1 ? "word" : "words"}`,
    worthWords(spec),
    spec.kind,
    spec.range ? `${spec.range[0]} to ${spec.range[1]}` : "",
    notes.filter(Boolean).join("; "),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
