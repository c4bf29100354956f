/**
 * What every route asks before it answers, line by line. A route without a line here fails the test beside this: who
 * adds a route adds its line, and a name in {@link OPEN} needs a reason.
 *
 * @module
 */

import type { PlaceAction, SiteAction } from "../../lib/domain/permission.ts";

/** What a route asks for each method it answers; HEAD goes with GET. */
export interface Asks {
  /** The query it is asked with; parameters as in a path. */
  readonly query?: string;
  /** What each method asks. */
  readonly asks: Readonly<Record<string, PlaceAction | SiteAction>>;
  /** What is sent where nothing would be refused for its form before anything is asked; default: nothing. */
  readonly sent?: string;
  /** What whoever is let in with it may be answered besides what forms and programs usually are. */
  readonly answers?: number;
  /** Whether what the path names is nobody's, which does not exist for whoever is let in. */
  readonly nobodys?: true;
}

const get = (action: PlaceAction | SiteAction, query = ""): Asks => ({ query, asks: { GET: action } });
const form = (see: PlaceAction | SiteAction, change: PlaceAction | SiteAction): Asks => ({
  asks: { GET: see, POST: change },
});

const A_DAY = "from=2026-11-01&to=2026-11-02";

/** Pages behind the door, and what programs ask; paths as the files are named. */
export const ASKED: Readonly<Record<string, Asks>> = {
  "/": get("sites.list"),
  "/api/live": get("sites.list"),
  "/completeness.csv": get("sites.export"),
  "/profiles": get("sites.list"),
  "/profiles/[profile]": get("sites.list"),
  "/profiles/own": get("sites.list"),
  "/profiles/own/[map]": { asks: { GET: "sites.list", POST: "profiles.change" }, nobodys: true },
  "/profiles/own/[map]/diff": { ...get("sites.list"), nobodys: true },
  "/profiles/own/[map]/export.csv": { ...get("sites.list"), nobodys: true },
  "/profiles/own/[map]/export.json": { ...get("sites.list"), nobodys: true },
  "/profiles/own/[map]/import": { ...form("profiles.change", "profiles.change"), nobodys: true },
  "/profiles/own/[map]/publish": { ...form("profiles.change", "profiles.change"), nobodys: true },
  "/profiles/own/[map]/remove": { ...form("profiles.change", "profiles.change"), nobodys: true },
  "/profiles/own/[map]/try": { ...form("profiles.change", "profiles.change"), nobodys: true },
  "/profiles/own/[map]/versions/[version]": { ...get("sites.list"), nobodys: true },
  "/profiles/own/[map]/workbench": { ...form("profiles.change", "profiles.change"), nobodys: true },
  "/profiles/own/new": form("profiles.change", "profiles.change"),
  "/sites": get("sites.list"),
  "/sites/checks": get("sites.list"),
  "/sites/bulk": form("sites.change", "sites.change"),
  "/sites/[site]": get("site.see"),
  "/sites/[site]/change": form("site.change", "site.change"),
  // Asks for seeing the site and for registering: the same people, at the same sites, as for its devices.
  "/sites/[site]/clone": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/checks/[finding]": { ...form("site.see", "site.devices"), nobodys: true },
  "/sites/[site]/devices/[device]/checks/[finding]/back": { asks: { POST: "site.devices" }, nobodys: true },
  "/sites/[site]/devices/[device]": get("site.see"),
  "/sites/[site]/devices/[device]/counters": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/move": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/profile": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/replace": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/retire": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/transformer": form("site.devices", "site.devices"),
  "/sites/[site]/devices/[device]/withdraw": { asks: { POST: "site.devices" } },
  "/sites/[site]/maintenance": form("site.devices", "site.devices"),
  "/sites/[site]/maintenance/[window]/end": { asks: { POST: "site.devices" }, nobodys: true },
  "/sites/[site]/devices/[device]/half-hours": {
    ...form("site.import-readings", "site.import-readings"),
    answers: 400,
  },
  "/sites/[site]/devices/[device]/read": form("site.see", "site.read-now"),
  "/sites/[site]/half-hours.csv": get("site.export"),
  "/sites/[site]/link": form("site.see", "site.change"),
  "/sites/[site]/link.csv": get("site.export"),
  "/sites/links": get("sites.list"),
  "/sites/[site]/load": get("site.see"),
  "/sites/[site]/router": get("site.see"),
  "/sites/[site]/router/[template]": get("site.change"),
  "/sites/[site]/router/vpn": form("site.change", "site.change"),
  "/sites/[site]/router/vpn/[template]": { ...get("site.change"), nobodys: true },
  "/sites/[site]/router/vpn/revoke": { ...form("site.change", "site.change"), nobodys: true },

  "/account": form("account.own", "account.own"),
  "/account/confirm": form("account.own", "account.own"),
  "/account/email": form("account.own", "account.own"),
  "/account/passkeys": { asks: { POST: "account.own" }, answers: 409 },
  "/account/passkeys/[passkey]": { ...form("account.own", "account.own"), nobodys: true },
  "/account/passkeys/[passkey]/remove": { asks: { POST: "account.own" }, nobodys: true },
  "/account/passkeys/options": { asks: { POST: "account.own" }, answers: 409 },
  "/account/password": form("account.own", "account.own"),
  "/account/sessions": { asks: { POST: "account.own" } },
  // A session that is not one's own does not exist.
  "/account/sessions/[session]": { asks: { POST: "account.own" }, answers: 404 },
  "/account/second-factor": form("account.own", "account.own"),
  // An upload carries a file, not a form; an import is its owner's alone.
  "/sites/import": { ...form("sites.import", "sites.import"), answers: 400 },
  "/sites/import/template.csv": get("sites.import"),
  "/sites/import/template.xlsx": get("sites.import"),
  "/sites/import/[import]": { ...get("sites.import"), nobodys: true },
  "/sites/import/[import]/progress": { ...get("sites.import"), nobodys: true },
  "/sites/import/[import]/refused.csv": { ...get("sites.import"), nobodys: true },
  "/sites/import/[import]/register": { ...form("sites.import", "sites.import"), nobodys: true },
  "/sites/import/[import]/undo": { ...form("sites.import", "sites.import"), nobodys: true },
  "/sites/import/[import]/test": { asks: { POST: "sites.import" }, nobodys: true },
  "/sites/import/[import]/stop": { asks: { POST: "sites.import" }, nobodys: true },
  "/sites/import/[import]/remove": { asks: { POST: "sites.import" }, nobodys: true },
  "/sites/register": form("sites.register", "sites.register"),
  // Drafts are their owner's alone: to everybody here they do not exist.
  "/sites/register/[draft]/check": { ...form("sites.register", "sites.register"), nobodys: true },
  "/sites/register/[draft]/devices": { asks: { GET: "sites.register" }, nobodys: true },
  "/sites/register/[draft]/devices/[device]": { ...form("sites.register", "sites.register"), nobodys: true },
  "/sites/register/[draft]/devices/[device]/remove": { asks: { POST: "sites.register" }, nobodys: true },
  "/sites/register/[draft]/devices/[device]/test": {
    ...form("sites.register", "sites.register"),
    nobodys: true,
  },
  "/sites/register/[draft]/devices/scan": { ...form("sites.register", "sites.register"), nobodys: true },
  "/sites/register/[draft]/devices/scan/stop": { asks: { POST: "sites.register" }, nobodys: true },
  "/sites/register/[draft]/hours": { ...form("sites.register", "sites.register"), nobodys: true },
  "/sites/register/[draft]/remove": { asks: { POST: "sites.register" }, nobodys: true },
  "/sites/register/[draft]/router": { ...form("sites.register", "sites.register"), nobodys: true },
  "/sites/register/[draft]/take-over": { asks: { POST: "sites.register" }, nobodys: true },
  "/sites/register/[draft]/site": { ...form("sites.register", "sites.register"), nobodys: true },

  // What is sent names no token, and one that is not one's own does not exist.
  "/account/tokens": { ...form("tokens.own", "tokens.own"), answers: 404 },
  "/account/tokens/new": form("tokens.own", "tokens.own"),

  "/admin": get("people.see"),
  "/admin/audit": get("audit.see"),
  "/admin/audit.csv": get("audit.export"),
  "/admin/backups": get("settings.see"),
  "/admin/bans": form("settings.see", "settings.change"),
  "/admin/groups": form("people.see", "people.change"),
  "/admin/groups/[group]": form("people.see", "people.change"),
  "/admin/groups/[group]/remove": form("people.change", "people.change"),
  "/admin/mail": form("settings.see", "settings.change"),
  "/admin/networks": form("settings.see", "settings.change"),
  "/admin/people": get("people.see"),
  "/admin/people/[person]": form("people.see", "people.change"),
  "/admin/people/[person]/[act]": form("people.change", "people.change"),
  "/admin/people/invite": form("people.change", "people.change"),
  "/admin/scan": get("settings.see"),
  "/admin/security": form("settings.see", "settings.change"),

  "/api/v1/channels/[channel]": get("site.see"),
  "/api/v1/devices/[device]": get("site.see"),
  "/api/v1/devices/[device]/channels": get("site.see"),
  "/api/v1/interval-readings": get("site.see", `site=[site]&${A_DAY}`),
  "/api/v1/readings": get("site.see", `site=[site]&${A_DAY}`),
  "/api/v1/sites": get("sites.list"),
  "/api/v1/sites/[site]": {
    asks: { GET: "site.see", PATCH: "site.change" },
    sent: '{"town":"Oulu"}',
  },
  "/api/v1/sites/[site]/devices": get("site.see"),
};

/** Routes that name a site in their query, where it matters as much as in a path. */
export const ASKED_BY_QUERY: readonly (Asks & { readonly path: string })[] = [
  { path: "/api/live", ...get("site.see", "site=[site]") },
  { path: "/api/v1/interval-readings", ...get("site.see", `device=[device]&${A_DAY}`) },
  { path: "/api/v1/interval-readings", ...get("site.see", `channel=[channel]&${A_DAY}`) },
  { path: "/api/v1/interval-readings", ...get("site.export", `site=[site]&${A_DAY}&format=csv`) },
  { path: "/api/v1/interval-readings", ...get("site.export", `site=[site]&${A_DAY}&format=wide`) },
  { path: "/api/v1/readings", ...get("site.see", `device=[device]&${A_DAY}`) },
  { path: "/api/v1/readings", ...get("site.see", `channel=[channel]&${A_DAY}`) },
  { path: "/api/v1/readings", ...get("site.export", `site=[site]&${A_DAY}&format=csv`) },
];

/** Routes that ask nobody who they are, each with why. */
export const OPEN: Readonly<Record<string, string>> = {
  "/[...rest]": "says that nothing is there",
  "/api/v1/[...rest]": "says that nothing is there, to whoever has a token",
  "/api/v1/openapi.json": "describes the API, and is the same for every installation",
  "/confirm-email": "the link in the letter is the key",
  "/forgot": "who has forgotten the password cannot sign in",
  "/health": "says to strangers no more than whether it works",
  "/invite": "the link in the letter is the key",
  "/livez": "a probe for whether it runs",
  "/metrics": "has a key of its own, or answers this machine alone",
  "/readyz": "a probe for whether it works",
  "/reset": "the link in the letter is the key",
  "/robots.txt": "is for robots",
  "/setup": "the key that the first start shows in its log opens it, once",
  "/sign-in": "the door itself",
  "/sign-in/passkey": "the door itself, opened by a passkey",
  "/sign-in/passkey/options": "asks for a passkey of nobody in particular, and says nothing of anybody",
  "/sign-in/second-factor": "half of the door: what the password was right for is kept in a cookie",
  "/sign-in/second-factor/passkey": "half of the door, opened by a passkey of whoever the password was of",
  "/sign-in/second-factor/passkey/options": "asks whoever the password was of for a passkey of theirs",
  "/sign-in/set-up": "half of the door: what the password was right for is kept in a cookie",
  "/sign-out": "who wants out gets out",
  "/theme": "keeps a choice in the browser's own cookie",
};
