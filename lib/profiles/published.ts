/**
 * A published version of a register map as the device profile that it is: for all who read what the store keeps. Pure.
 *
 * @module
 */

import type { OwnProfileId } from "./book.ts";
import { mapFromJson } from "./map_json.ts";
import type { DeviceProfile } from "./profile.ts";
import { profileOfMap } from "./register_map.ts";

/** A published version as it is kept. */
export interface PublishedBody extends OwnProfileId {
  /** All of it, as JSON. */
  readonly body: string;
}

/**
 * The device profile of a published version; `null`: this release refuses it, which is as good as gone. Its devices are
 * not read, all others are.
 */
export function publishedProfile({ mapId, version, body }: PublishedBody): DeviceProfile | null {
  const map = mapFromJson(body);
  return map.ok ? profileOfMap(map.value, { mapId, version }) : null;
}
