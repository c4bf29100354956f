/**
 * Amounts of any counter for people. Pure.
 *
 * @module
 */

import type { Unit } from "../../domain/channel.ts";
import { energyFigure, figureText, numberText } from "../../ui/format.ts";

/** An amount with its sign and unit: `+1.2 MWh`, `−340 Wh`, `12 L`. */
export function amountText(amount: number, unit: Unit): string {
  const sign = amount > 0 ? "+" : "";
  if (unit === "Wh") return `${sign}${figureText(energyFigure(amount))}`;
  const kilo = unit === "varh" || unit === "VAh";
  return `${sign}${kilo ? `${numberText(amount / 1000, 1)} k` : `${numberText(amount)} `}${unit}`;
}

/** How amounts of half-hours are drawn: energy as the power that it means, all else as it is. */
export function drawnAs(unit: Unit): { readonly unit: string; readonly of: (amount: number) => number } {
  switch (unit) {
    case "Wh":
    case "varh":
    case "VAh":
      return { unit: `k${unit.slice(0, -1)}`, of: (amount) => 2 * amount / 1000 };
    default:
      return { unit, of: (amount) => amount };
  }
}
