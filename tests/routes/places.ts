/**
 * Sites with what stands there, and paths that name it.
 *
 * @module
 */

import { getSitePlan } from "../../lib/store/plans.ts";
import { FIRST, type Flow } from "../flows/running_product.ts";

/** A site with one of its devices and that device's counter. */
export interface Place {
  /** Id of the site. */
  readonly id: number;
  /** Id of the device. */
  readonly device: number;
  /** Id of the channel. */
  readonly channel: number;
}

/** What stands at a registered site. */
export async function placeOf({ opened }: Flow, id: number): Promise<Place> {
  const plan = await getSitePlan(opened.db, id, FIRST);
  const counter = plan?.channels.find(({ kind }) => kind === "counter");
  if (!counter) throw new Error(`Site ${id} has no counter`);
  return { id, device: counter.meterId, channel: counter.id };
}

/** A path with its parameters, named as route files name them, filled in. */
export function fillPath(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\[(\w+)\]/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${text}: give ${whole} a value in this test`);
    return String(value);
  });
}

/** What the parameters of a place are called in paths. */
export function valuesOf({ id, device, channel }: Place): Readonly<Record<string, number>> {
  return { site: id, device, channel };
}
