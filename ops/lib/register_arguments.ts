/**
 * What `deno task register` may be told: a file with whole sites, or one meter in options. Pure.
 *
 * @module
 */
import { err, ok, type Result } from "../../lib/result.ts";

/** How it is called. */
export const REGISTER_HELP =
  `deno task register --file site.json [--dry-run]     one site, or a list of them; - reads standard input
deno task register --name NAME --zone ZONE --host ADDRESS --port PORT --profile PROFILE --unit UNIT [more] [--dry-run]
deno task register --list [--search TEXT]

  --host      address of the router; again for further ways in, tried in this order; KIND=ADDRESS names the WAN
              behind it: cellular (otherwise), wifi, wired
  --kind      what answers at the port: gateway (otherwise), device, router
  --town, --meter-name, --end-use, --max-power-w, --latitude, --longitude
  --router-profile, --router-port, --router-unit     the router itself is read too; port 502 and unit 1 otherwise
  --router-user, --router-password-file     who signs in to the router; the password is the file's first and only line
  --dry-run   checks everything, writes nothing

docs/registering.md describes the file, with an example: several ways in, ports and meters, operating hours,
transformers. With SQLite stop Wattpost first; with MySQL both run at once.`;

/** What it was told. */
export type RegisterOrder =
  | { readonly kind: "help" }
  | { readonly kind: "list"; readonly search: string }
  | { readonly kind: "file"; readonly path: string; readonly dryRun: boolean }
  /** One site as a file would have it. */
  | { readonly kind: "site"; readonly site: unknown; readonly dryRun: boolean };

const NUMBERS = ["port", "unit", "max-power-w", "latitude", "longitude", "router-port", "router-unit"];
const TEXTS = [
  "file",
  "name",
  "town",
  "zone",
  "profile",
  "kind",
  "meter-name",
  "end-use",
  "search",
  "router-profile",
  "router-user",
  "router-password-file",
];
const FLAGS = ["help", "list", "dry-run"];

/** Reads the arguments; all mistakes are named together. */
export function readRegisterArguments(args: readonly string[]): Result<RegisterOrder, readonly string[]> {
  const { options, hosts, messages } = parse(args);
  if (messages.length > 0) return err(messages);
  if (options.has("help") || args.length === 0) return ok({ kind: "help" });
  if (options.has("list")) return ok({ kind: "list", search: String(options.get("search") ?? "") });
  const dryRun = options.has("dry-run");
  const path = options.get("file");
  if (path !== undefined) return ok({ kind: "file", path: String(path), dryRun });
  return ok({ kind: "site", site: siteOf(options, hosts), dryRun });
}

type Options = ReadonlyMap<string, string | number | true>;

function parse(args: readonly string[]) {
  const options = new Map<string, string | number | true>();
  const hosts: string[] = [];
  const messages: string[] = [];
  const words = args.flatMap((arg) =>
    /^--[a-z-]+=/.test(arg) ? [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)] : [arg]
  );
  for (let i = 0; i < words.length; i++) {
    const name = words[i]?.replace(/^--/, "") ?? "";
    if (FLAGS.includes(name)) {
      options.set(name, true);
      continue;
    }
    const value = words[++i];
    if (value === undefined || ![...NUMBERS, ...TEXTS, "host"].includes(name)) {
      messages.push(value === undefined ? `--${name} has no value` : `There is no --${name}`);
    } else if (name === "host") hosts.push(value);
    else if (NUMBERS.includes(name)) {
      options.set(name, Number.isFinite(Number(value)) ? Number(value) : value);
    } else options.set(name, value);
  }
  return { options, hosts, messages };
}

/** The site that the options describe; what is missing is found by the same checks as a file's. */
function siteOf(options: Options, hosts: readonly string[]): unknown {
  const meter = {
    name: options.get("meter-name"),
    unit: options.get("unit"),
    profile: options.get("profile"),
    endUse: options.get("end-use"),
    maxPowerW: options.get("max-power-w"),
  };
  const router = options.get("router-profile") === undefined ? [] : [{
    port: options.get("router-port") ?? 502,
    kind: "router",
    meters: [{
      name: "Router",
      unit: options.get("router-unit") ?? 1,
      profile: options.get("router-profile"),
    }],
  }];
  const login = {
    user: options.get("router-user"),
    passwordFile: options.get("router-password-file"),
  };
  return {
    name: options.get("name"),
    town: options.get("town"),
    zone: options.get("zone"),
    latitude: options.get("latitude"),
    longitude: options.get("longitude"),
    paths: hosts.map((host) => {
      const [kind, address] = host.includes("=") ? host.split("=", 2) : [undefined, host];
      return { kind, host: address };
    }),
    endpoints: [{ port: options.get("port"), kind: options.get("kind"), meters: [meter] }, ...router],
    ...(login.user === undefined && login.passwordFile === undefined ? {} : { router: login }),
  };
}
