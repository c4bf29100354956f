/**
 * Who may do what and where: a table role by action, and the sites that somebody reaches. One question, {@link may},
 * is asked by every route and every live stream.
 *
 * @module
 */

/** What somebody is here for, the one who may least first. */
export type Role = "viewer" | "technician" | "operator" | "administrator";

/** All roles, the one who may least first. */
export const ALL_ROLES: readonly Role[] = ["viewer", "technician", "operator", "administrator"];

/** What is done at one site. */
export type SiteAction =
  /** Look at its pages and figures. */
  | "site.see"
  /** Take its figures away as a file. */
  | "site.export"
  /** Read a meter live. */
  | "site.read-now"
  /** Change what it is called, its group and what stands there. */
  | "site.change"
  /** Replace, move and retire its devices, and announce maintenance. */
  | "site.devices"
  /** Bring in half-hours that others have measured. */
  | "site.import-readings";

/** What is done at no site in particular. */
export type PlaceAction =
  /** See Today and the list of the sites within reach. */
  | "sites.list"
  /** Take figures of all sites within reach away as a file. */
  | "sites.export"
  /** Register sites, and test what stands there before. */
  | "sites.register"
  /** Bring in sites and devices as a file, and take such an import back. */
  | "sites.import"
  /** Change many sites within reach at once. */
  | "sites.change"
  /** Make and change register maps of one's own. */
  | "profiles.change"
  /** Change one's own name, password, second factor and sessions. */
  | "account.own"
  /** Make and revoke API tokens of one's own. */
  | "tokens.own"
  /** See people and groups of sites. */
  | "people.see"
  /** Invite, change, lock and unlock people; make and change groups of sites. */
  | "people.change"
  /** Read the audit trail. */
  | "audit.see"
  /** Take the audit trail away as a file. */
  | "audit.export"
  /** See settings of the system. */
  | "settings.see"
  /** Change settings of the system. */
  | "settings.change";

/** Anything that is asked for. */
export type Action = SiteAction | PlaceAction;

/** A row of the table. */
export interface Permission {
  /** In words, for the page that prints the table. */
  readonly words: string;
  /** Whether it only looks: a token that may not write may do it. */
  readonly looks: boolean;
  /** Roles that may. */
  readonly roles: readonly Role[];
}

const EVERYBODY = ALL_ROLES;
const HANDS: readonly Role[] = ["technician", "operator", "administrator"];
const OPERATORS: readonly Role[] = ["operator", "administrator"];
const ADMINISTRATORS: readonly Role[] = ["administrator"];

/** The table. */
export const PERMISSIONS: Readonly<Record<Action, Permission>> = {
  "sites.list": { words: "See Today and the list of sites", looks: true, roles: EVERYBODY },
  "sites.export": { words: "Download figures of all sites", looks: true, roles: EVERYBODY },
  "site.see": { words: "See a site", looks: true, roles: EVERYBODY },
  "site.export": { words: "Download figures of a site", looks: true, roles: EVERYBODY },
  "site.read-now": { words: "Read a meter now", looks: false, roles: HANDS },
  "site.change": { words: "Change a site", looks: false, roles: OPERATORS },
  "site.devices": {
    words: "Replace, move and retire devices; announce maintenance",
    looks: false,
    roles: HANDS,
  },
  "site.import-readings": { words: "Bring in half-hours of others", looks: false, roles: OPERATORS },
  "sites.register": { words: "Register sites", looks: false, roles: HANDS },
  "sites.import": { words: "Import sites and devices", looks: false, roles: OPERATORS },
  "sites.change": { words: "Change many sites at once", looks: false, roles: OPERATORS },
  "profiles.change": { words: "Make and change own register maps", looks: false, roles: HANDS },
  "account.own": { words: "Change the own account", looks: false, roles: EVERYBODY },
  "tokens.own": { words: "Make and revoke own API tokens", looks: false, roles: OPERATORS },
  "people.see": { words: "See people and groups of sites", looks: true, roles: ADMINISTRATORS },
  "people.change": {
    words: "Invite, change and lock people; change groups",
    looks: false,
    roles: ADMINISTRATORS,
  },
  "audit.see": { words: "Read the audit trail", looks: true, roles: ADMINISTRATORS },
  "audit.export": { words: "Download the audit trail", looks: true, roles: ADMINISTRATORS },
  "settings.see": { words: "See settings of the system", looks: true, roles: ADMINISTRATORS },
  "settings.change": { words: "Change settings of the system", looks: false, roles: ADMINISTRATORS },
};

/** All actions in the order in which people should read about them. */
export const ALL_ACTIONS: readonly Action[] = Object.keys(PERMISSIONS) as Action[];

/** Which sites somebody reaches. */
export type Reach =
  | { readonly kind: "all" }
  | {
    readonly kind: "some";
    /** Groups all of whose sites are reached. */
    readonly groupIds: readonly number[];
    /** Sites reached by name. */
    readonly siteIds: readonly number[];
  };

/** Reaches every site. */
export const ALL_SITES: Reach = { kind: "all" };

/** Where a site stands as far as reach is concerned. */
export interface SitePlace {
  /** The site. */
  readonly id: number;
  /** Its group; `null`: none. */
  readonly groupId: number | null;
}

/** Who asks: a person, or a token that acts for one. */
export interface Asker {
  /** What they are here for. */
  readonly role: Role;
  /** Sites within reach; all of the list must agree, as for a token and the person it belongs to. */
  readonly reaches: readonly Reach[];
  /** Whether anything may be changed; a token may be for looking alone. */
  readonly mayWrite: boolean;
}

/** Whether a site is within reach. */
export function isWithin(reach: Reach, site: SitePlace): boolean {
  switch (reach.kind) {
    case "all":
      return true;
    case "some":
      return reach.siteIds.includes(site.id) ||
        (site.groupId !== null && reach.groupIds.includes(site.groupId));
  }
}

/** Whether somebody reaches a site at all: what is out of reach does not exist for them. */
export function reachesSite(asker: Pick<Asker, "reaches">, site: SitePlace): boolean {
  return asker.reaches.length > 0 && asker.reaches.every((reach) => isWithin(reach, site));
}

/** Whether somebody may do something: by their role, at this site, with this token. */
export function may(asker: Asker, action: PlaceAction): boolean;
/** At a site: by their role, with this token, within their reach. */
export function may(asker: Asker, action: SiteAction, site: SitePlace): boolean;
export function may(asker: Asker, action: Action, site?: SitePlace): boolean {
  const { looks, roles } = PERMISSIONS[action];
  if (!roles.includes(asker.role)) return false;
  if (!looks && !asker.mayWrite) return false;
  return site === undefined || reachesSite(asker, site);
}
