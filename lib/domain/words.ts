/**
 * Reasons in words: what happened, short enough for a table, and what a person can do about it.
 *
 * @module
 */

import type { AmountReason, Quality, ReadingReason } from "./reading.ts";

/** A reason for people. */
export interface ReasonWords {
  /** What happened, for a table or a bar: lower case, no full stop. */
  readonly short: string;
  /** What to do or what comes next, one sentence without full stop; `null`: nothing needs doing. */
  readonly advice: string | null;
}

/** What the words may name. */
export interface ReasonContext {
  /** Modbus unit of the meter; absent: the words say "the meter". */
  readonly unitId?: number;
}

/** Why there is no reading, for people. */
export function readingReasonWords(reason: ReadingReason, context: ReasonContext = {}): ReasonWords {
  const unit = context.unitId === undefined ? "the meter" : `unit ${context.unitId}`;
  if (isException(reason)) return exceptionWords(reason, unit);
  switch (reason) {
    case "no-route":
      return words("no way to the router", "Check the VPN or APN and the address of the router");
    case "refused":
      return words(
        "the router refuses the port",
        "Check that Modbus TCP is switched on and which port it uses",
      );
    case "connect-timeout":
      return words("the router does not answer", "Check its power, its SIM and its signal");
    case "closed":
      return words(
        "the connection was closed",
        "Check that nothing else uses the port: most allow one connection",
      );
    case "response-timeout":
      return words(
        `${unit} did not answer in time`,
        "Check signal and serial line; a slower device needs a longer response timeout",
      );
    case "unit-silent":
      return words(
        `router answers, ${unit} silent`,
        "Check the meter's power, its wiring (A, B) and its unit number",
      );
    case "path-unavailable":
      return words(
        `gateway has no way to ${unit}`,
        "Check the serial port and the routing of units in the gateway",
      );
    case "bad-frame":
      return words(
        "the answer was garbled",
        "Check that the port is set to Modbus TCP and not to RTU over TCP",
      );
    case "not-a-number":
      return words(`${unit} sent no number`, "The device says it does not know: a phase may be off");
    case "out-of-range":
      return words(
        `${unit} sent an impossible value`,
        "Compare with its display: word order, scale or profile may be wrong",
      );
    case "visit-deadline":
      return words(
        "the visit took too long",
        "The line is slow: read fewer quantities, or give it more time",
      );
    case "address-not-allowed":
      return words("the address is not allowed", "Ask an administrator to allow the router's network");
    case "maintenance":
      return words("maintenance", null);
    case "we-were-down":
      return words("Wattpost was not running", "Energy is recovered from the counters with the next reading");
  }
}

/** Why nothing at all was read at a site, for people: the router is meant, not a meter. */
export function siteReasonWords(reason: ReadingReason): ReasonWords {
  return OF_SITES[reason] ?? readingReasonWords(reason);
}

const OF_SITES: { readonly [reason in ReadingReason]?: ReasonWords } = {
  "response-timeout": words(
    "the router connects but does not answer",
    "Restart the router or its Modbus server",
  ),
  "unit-silent": words("the router answers, no device does", "Check the serial line and the devices' power"),
};

/** Why a counter has no amount, for people. */
export function amountReasonWords(reason: AmountReason): ReasonWords {
  switch (reason) {
    case "first-reading":
      return words("first reading", "Energy is counted from the second boundary on");
    case "new-series":
      return words(
        "counter began anew",
        "Check whether the meter was replaced, reset or set to another ratio",
      );
    case "implausible":
      return words("implausible reading", "It is kept but not counted; a second one that agrees begins anew");
    case "no-later-reading-yet":
      return words("no later reading yet", "The energy is recovered as soon as the counter is read again");
  }
}

/** What a quality means, for legends and tables. */
export function qualityWords(quality: Quality): string {
  switch (quality) {
    case "measured":
      return "measured";
    case "recovered":
      return "recovered: the total is metered, its shape is not";
    case "estimated":
      return "estimated";
    case "suspect":
      return "measured, but doubtful";
    case "missing":
      return "missing";
    case "edited":
      return "edited";
  }
}

function isException(reason: ReadingReason): reason is `exception-${number}` {
  return reason.startsWith("exception-");
}

function words(short: string, advice: string | null): ReasonWords {
  return { short, advice };
}

/** Modbus exceptions by their names in the Modbus Application Protocol V1.1b3, section 7. */
function exceptionWords(reason: `exception-${number}`, unit: string): ReasonWords {
  const code = Number(reason.slice("exception-".length));
  const profile = "Check that the profile fits the model and its firmware";
  switch (code) {
    case 1:
      return words(`${unit} does not know the function (exception 1)`, profile);
    case 2:
      return words(`${unit} does not know the address (exception 2)`, profile);
    case 3:
      return words(`${unit} refuses the request (exception 3)`, profile);
    case 4:
      return words(
        `${unit} reports a fault of its own (exception 4)`,
        "Look at the meter's display for a fault",
      );
    case 5:
    case 6:
      return words(
        `${unit} is busy (exception ${code})`,
        "It is asked again; if it stays, read it less often",
      );
  }
  return words(`${unit} answered exception ${code}`, "Look the number up in the manual of the device");
}
