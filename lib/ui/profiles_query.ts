/**
 * Which device profiles the library shows, as the address of its page says it. Pure.
 *
 * @module
 */

/** Filters by what a device is. */
export const PROFILE_KINDS = ["any", "meter", "router", "io", "pulse", "ups", "hvac"] as const;

/** What a device is. */
export type ProfileKind = Exclude<(typeof PROFILE_KINDS)[number], "any">;

/** Filters by whose they are: of the library, or register maps of one's own. */
export const PROFILE_SOURCES = ["any", "library", "own"] as const;

/** Which profiles are shown. */
export interface ProfilesQuery {
  /** Words of a vendor, model or quantity, at most 80 characters; empty: any. */
  readonly q: string;
  /** What the device is. */
  readonly kind: (typeof PROFILE_KINDS)[number];
  /** Whose they are. */
  readonly from: (typeof PROFILE_SOURCES)[number];
}

/** All of them. */
export const ALL_PROFILES: ProfilesQuery = { q: "", kind: "any", from: "any" };

/** Reads an address; whatever is not understood means the default. */
export function parseProfilesQuery(params: URLSearchParams): ProfilesQuery {
  return {
    q: (params.get("q") ?? "").trim().slice(0, 80),
    kind: PROFILE_KINDS.find((kind) => kind === params.get("kind")) ?? "any",
    from: PROFILE_SOURCES.find((from) => from === params.get("from")) ?? "any",
  };
}

/** What a kind of device is called. */
export function profileKindName(kind: ProfileKind): string {
  switch (kind) {
    case "meter":
      return "Meter";
    case "router":
      return "Router";
    case "io":
      return "Inputs";
    case "pulse":
      return "Pulse counter";
    case "ups":
      return "UPS";
    case "hvac":
      return "Air conditioning";
  }
}
