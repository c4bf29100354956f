/**
 * Numbers as people read them: thousands separated, a unit that fits, never more digits than are known. Pure, and
 * always British English, so that server, browser and e-mail say the same.
 *
 * @module
 */

/** A number and its unit, apart, so that a page can set the unit smaller. */
export interface Figure {
  /** Such as `1,587` or `−104`. */
  readonly text: string;
  /** Such as `kWh`; empty for a bare number. */
  readonly unit: string;
}

/** How far the measured strength can be trusted to mean a working path. */
export type SignalWord = "good" | "fair" | "weak";

const formats = [0, 1, 2, 3, 4, 5].map((digits) =>
  new Intl.NumberFormat("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })
);

/** A number with separated thousands, a true minus and 0 to 5 decimals; what rounds to 0 has no sign. */
export function numberText(value: number, decimals = 0): string {
  const format = formats[Math.min(5, Math.max(0, decimals))];
  if (!format) throw new RangeError(`No number is written with ${decimals} decimals`);
  const text = format.format(Math.abs(value));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Energy: whole Wh below 1 kWh, one decimal below 100 kWh, MWh from 100 MWh on. */
export function energyFigure(energyWh: number): Figure {
  const size = Math.abs(energyWh);
  if (size < 1) return { text: "0", unit: "kWh" };
  if (size < 999.5) return { text: numberText(energyWh), unit: "Wh" };
  if (size < 99_950) return { text: numberText(energyWh / 1e3, 1), unit: "kWh" };
  if (size < 1e8) return { text: numberText(energyWh / 1e3), unit: "kWh" };
  return { text: numberText(energyWh / 1e6, 1), unit: "MWh" };
}

/** A counter as its display shows it: always kWh with one decimal. */
export function counterFigure(counterWh: number): Figure {
  return { text: numberText(counterWh / 1e3, 1), unit: "kWh" };
}

/** Power: whole W below 100 W, kW with one decimal below 100 kW, whole kW above. */
export function powerFigure(powerW: number): Figure {
  const size = Math.abs(powerW);
  if (size < 0.5) return { text: "0", unit: "kW" };
  if (size < 99.5) return { text: numberText(powerW), unit: "W" };
  return { text: numberText(powerW / 1e3, size < 99_950 ? 1 : 0), unit: "kW" };
}

/** A figure as one string; no space before a percent sign or where there is no unit. */
export function figureText(figure: Figure): string {
  if (figure.unit === "") return figure.text;
  return figure.unit === "%" ? `${figure.text}%` : `${figure.text} ${figure.unit}`;
}

/** Energy as one string, such as `1,587 kWh`. */
export function energyText(energyWh: number): string {
  return figureText(energyFigure(energyWh));
}

/** Power as one string, such as `39.5 kW`. */
export function powerText(powerW: number): string {
  return figureText(powerFigure(powerW));
}

/** Degrees Celsius with one decimal. */
export function temperatureText(celsius: number): string {
  return `${numberText(celsius, 1)} °C`;
}

/** A strength such as `−104 dBm`. */
export function signalText(signalDbm: number): string {
  return `${numberText(signalDbm)} dBm`;
}

/** Strength in a word: RSRP is good from −95 dBm and weak below −110, RSSI from −75 and below −90. */
export function signalWord(signalDbm: number, kind: "rsrp" | "rssi"): SignalWord {
  const [goodFrom, fairFrom] = kind === "rsrp" ? [-95, -110] : [-75, -90];
  if (signalDbm >= goodFrom) return "good";
  return signalDbm >= fairFrom ? "fair" : "weak";
}

/** Bars of a signal icon, 0 (nothing) to 4. */
export function signalBars(signalDbm: number, kind: "rsrp" | "rssi"): 0 | 1 | 2 | 3 | 4 {
  const [four, three, two, one] = kind === "rsrp" ? [-85, -95, -105, -118] : [-65, -75, -85, -100];
  if (signalDbm >= four) return 4;
  if (signalDbm >= three) return 3;
  if (signalDbm >= two) return 2;
  return signalDbm >= one ? 1 : 0;
}

/** A stretch of time in at most two units: `14 s`, `17 min`, `3 h 17 min`, `2 d 4 h`, `41 d`. Negative is 0. */
export function durationText(durationS: number): string {
  const seconds = Math.max(0, Math.floor(durationS));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  if (days >= 10) return `${numberText(days)} d`;
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** How old a value is, such as `17 min old`. */
export function ageText(ageS: number): string {
  return `${durationText(ageS)} old`;
}

/** A share of 1 in percent, rounded to the decimals given. */
export function percentText(share: number, decimals = 0): string {
  return `${numberText(share * 100, decimals)}%`;
}

/** How complete something is, never rounded up: `100%` only if nothing is missing, `0%` only if everything is. */
export function completenessText(have: number, expected: number, decimals = 0): string {
  if (expected <= 0) return "—";
  if (have >= expected) return "100%";
  if (have <= 0) return "0%";
  const step = 10 ** decimals;
  const percent = Math.floor((have / expected) * 100 * step) / step;
  return percent === 0 ? `under ${numberText(1 / step, decimals)}%` : `${numberText(percent, decimals)}%`;
}

/** A change against something usual: `+41%`, `−4%`, `±0%`. */
export function changeText(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0) return "±0%";
  return percent > 0 ? `+${numberText(percent)}%` : `${numberText(percent)}%`;
}

/** Bytes in decimal units as SIM tariffs count them: `820 kB`, `412 MB`, `1.2 GB`. */
export function bytesText(bytes: number): string {
  const size = Math.max(0, bytes);
  if (size < 1e3) return `${numberText(size)} B`;
  if (size < 999_500) return `${numberText(size / 1e3)} kB`;
  if (size < 999_500_000) return `${numberText(size / 1e6)} MB`;
  return `${numberText(size / 1e9, 1)} GB`;
}

/** How many of a thing: `1 site`, `412 sites`; the plural is the word with an s unless given. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}

/** Parts of a sentence: `a`, `a and b`, `a, b and c`. */
export function listText(parts: readonly string[]): string {
  const last = parts.at(-1);
  if (last === undefined) return "";
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** Up to two letters for a round badge: first and last name's, else the first of what there is. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toLocaleUpperCase("en-GB") || "?";
}
