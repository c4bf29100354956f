/**
 * What the workbench found, in words: each way with why it is where it is, and what would tell apart those that fit as
 * well as each other. Pure.
 *
 * @module
 */

import { hexOf } from "../../../domain/visit.ts";
import type { DisplayValue } from "../../../profiles/display.ts";
import { type AddressNotation, formatAddress } from "../../../profiles/map_address.ts";
import { ORDER_WORDS } from "../../../profiles/words.ts";
import type { Because, Candidate, WorkbenchAnswer } from "../../../profiles/workbench.ts";
import { numberText } from "../../../ui/format.ts";
import type { CandidateItem, WorkbenchOutcome } from "../../../ui/pages/maps/WorkbenchPage.tsx";
import { wayText } from "./workbench_form.ts";

/** What the words are about. */
export interface AnswerAbout {
  /** The registers. */
  readonly window: {
    readonly functionCode: 3 | 4;
    readonly address: number;
    readonly words: readonly number[];
  };
  /** What the display shows. */
  readonly display: DisplayValue;
  /** How addresses are written. */
  readonly notation: AddressNotation;
  /** Reads that it rests on. */
  readonly reads: number;
  /** Whether it was read twice. */
  readonly twice: boolean;
}

/** The ways for the page. */
export function candidateItems(
  { candidates, alike }: WorkbenchAnswer,
  about: AnswerAbout,
): readonly CandidateItem[] {
  return candidates.map((candidate, index) => ({
    value: wayText(candidate, { functionCode: about.window.functionCode, display: about.display }),
    way: wayWords(candidate, about),
    figure: { text: valueText(candidate.value, about.display), unit: about.display.written },
    words: wordsOf(candidate, about).map((word) => hexOf([word]).toUpperCase()).join(" "),
    because: candidate.because.map((one) => becauseWords(one, about.display)),
    score: candidate.score * 100,
    alike: alike > 1 && index < alike,
  }));
}

/** Heading and words of the verdict. */
export function verdictWords(
  answer: WorkbenchAnswer,
  about: AnswerAbout,
): Pick<Extract<WorkbenchOutcome, { kind: "read" }>, "title" | "words"> {
  const [first, second] = answer.candidates;
  switch (answer.verdict) {
    case "found": {
      const words = first ? first.because.map((one) => becauseWords(one, about.display)).join("; ") : "";
      return {
        title: first ? wayWords(first, about) : "",
        words: `${sentence(words)} Compare it once more later.`,
      };
    }
    case "cannot-tell":
      return {
        title: `Cannot tell: ${numberText(answer.alike)} ways fit as well`,
        words: first && second ? tellApart([first, second], about) : "",
      };
    case "none":
      return {
        title: `Nothing in these registers gives ${
          valueText(about.display.value, about.display)
        } ${about.display.written}`
          .trim(),
        words: about.reads > 1
          ? "No way fits all reads. Begin afresh, and read while the display shows what you type."
          : "Try other registers, the other function code, or a value with more digits. A value that changes " +
            "quickly may have moved on: type it again and read at once.",
      };
  }
}

function tellApart([first, second]: readonly [Candidate, Candidate], about: AnswerAbout): string {
  const sameButOrder = first.address === second.address && first.encoding === second.encoding &&
    first.value === second.value;
  if (sameButOrder) {
    return "These words read the same in both orders. They differ once the value uses more of its words: " +
      "choose the order of the device's other values, or come back when the value is larger.";
  }
  const step = `${valueText(10 ** -about.display.decimals, about.display)} ${about.display.written}`.trim();
  const moved =
    `Wait until the display has moved by some steps of ${step}, type what it shows then, and read ` +
    "again: only the right way moves with it.";
  if (about.twice || !["Wh", "varh", "VAh"].includes(about.display.unit)) return moved;
  return `${moved} Or read twice with the power, which shows which of them grows.`;
}

function wayWords({ address, encoding, words, wordOrder, scale }: Candidate, about: AnswerAbout): string {
  const { notation, window: { functionCode }, display } = about;
  const at = formatAddress(address, { functionCode, notation });
  const type = encoding === "bcd" ? `bcd of ${words} registers` : encoding;
  const order = words === 1 ? (wordOrder === "big" ? "" : ", bytes swapped") : `, ${ORDER_WORDS[wordOrder]}`;
  const plain = Number(scale.toPrecision(12));
  return `${type} at ${at}${order}, × ${plain}${display.unit === "" ? "" : ` ${display.unit}`}`;
}

function wordsOf({ address, words }: Candidate, { window }: AnswerAbout): readonly number[] {
  const from = address - window.address;
  return window.words.slice(from, from + words);
}

/** With a digit more than the display shows. */
function valueText(value: number, { decimals }: Pick<DisplayValue, "decimals">): string {
  const rounded = Number(value.toPrecision(12));
  const own = String(rounded).split(".")[1]?.length ?? 0;
  return numberText(rounded, Math.min(5, Math.max(decimals, Math.min(own, decimals + 3))));
}

/** Why a way is where it is. */
export function becauseWords(because: Because, display: DisplayValue): string {
  const amount = (value: number) => `${valueText(value, display)} ${display.written}`.trim();
  switch (because.kind) {
    case "exact":
      return "shows what the display shows, to the last digit";
    case "moved":
      return `${amount(Math.abs(because.by))} ${
        because.by < 0 ? "below" : "above"
      } the display: it may have moved meanwhile`;
    case "zeros-beside":
      return "the words beside it are zero, so that a longer type reads the same";
    case "grew":
      return because.by === because.expected
        ? `grew by ${amount(because.by)} between the two reads`
        : `grew by ${amount(because.by)}, and the power says ${amount(because.expected)}`;
    case "grew-otherwise":
      return `grew by ${amount(because.by)}, but the power says ${amount(because.expected)}`;
    case "stood-still":
      return "stood still between the two reads, and should have grown";
    case "secondary":
      return `holds the secondary value: the transformers' ${
        numberText(because.ratio, 0)
      } makes it the display's`;
  }
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Words as read, eight a line. */
export function rawLines(
  { window: { address, words, functionCode }, notation }: Pick<AnswerAbout, "window" | "notation">,
): readonly { readonly address: string; readonly words: string }[] {
  const lines = Array.from({ length: Math.ceil(words.length / 8) }, (_, i) => i * 8);
  return lines.map((from) => ({
    address: formatAddress(address + from, { functionCode, notation }),
    words: words.slice(from, from + 8).map((word) => hexOf([word]).toUpperCase()).join(" "),
  }));
}
