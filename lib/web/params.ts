/**
 * Ids out of the path of a page. What is no id is a page that is not there.
 *
 * @module
 */

import { HttpError } from "fresh";

const ID_MAX = 2_147_483_647;

/** The id of the site in the path. */
export function siteIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.site);
}

/** The id of the device in the path. */
export function deviceIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.device);
}

/** The id of the person in the path. */
export function personIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.person);
}

/** The id of the group of sites in the path. */
export function groupIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.group);
}

/** The id of the draft of a site in the path. */
export function draftIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.draft);
}

/** The id of the register map in the path. */
export function mapIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.map);
}

/** The id of the import in the path. */
export function importIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.import);
}

/** The id of the maintenance window in the path. */
export function windowIdOf(params: Readonly<Record<string, string>>): number {
  return idOf(params.window);
}

function idOf(text: string | undefined): number {
  const id = /^[1-9]\d{0,9}$/.test(text ?? "") ? Number(text) : 0;
  if (id < 1 || id > ID_MAX) throw new HttpError(404);
  return id;
}
