/**
 * Who may import whom, as data: the table of `docs/architecture.md`, section 3, and the one question asked of it.
 *
 * @module
 */

/** A part of the tree and what it may import. The longest `from` that fits a file counts. */
export interface Layer {
  /** A file, or a folder with a slash at its end. */
  readonly from: string;
  /** Files, folders with a slash at their end, bare packages; `node:` stands for every built-in module. */
  readonly may: readonly string[];
  /** What is refused although `may` allows it. */
  readonly never?: readonly string[];
}

/** A library, or a global that reaches outside, with the parts that own it. Tests may use all. */
export interface Owner {
  /** A package, `node:` module or member such as `Deno.cron`. */
  readonly of: string;
  /** Files, or folders with a slash at their end. */
  readonly parts: readonly string[];
}

const FOUR = ["lib/clock.ts", "lib/config.ts", "lib/log.ts", "lib/result.ts"];
/** What the configuration is made of; nobody else imports it. */
const CONFIG_PARTS = [
  "lib/config_credentials.ts",
  "lib/config_live.ts",
  "lib/config_table.ts",
  "lib/config_values.ts",
];
const PREACT = ["preact", "@preact/signals"];
const INSIDE = ["lib/domain/", "lib/store/", "lib/kv/", ...FOUR, "node:"];
const PRODUCT = ["lib/", "collector/", "routes/", "islands/", "migrations/", "fresh", "node:"];
const OPS_MAY = [
  "config.ts",
  "log.ts",
  "result.ts",
  "clock.ts",
  "store/",
  "domain/",
  "simulator/",
  "health/",
  "kv/",
];

/** The table. A part may always import itself. */
export const LAYERS: readonly Layer[] = [
  ...[...FOUR, ...CONFIG_PARTS].map((from) => ({ from, may: [...FOUR, ...CONFIG_PARTS, "node:"] })),
  { from: "lib/domain/", may: ["lib/result.ts"] },
  { from: "lib/profiles/", may: ["lib/domain/", "lib/result.ts"] },
  { from: "lib/routers/", may: ["lib/domain/", "lib/result.ts"] },
  { from: "lib/ui/", may: ["lib/domain/", "lib/result.ts", ...PREACT, "fresh/runtime", "chart.js", "uqr"] },
  {
    from: "lib/fresh/",
    may: [...PREACT, "preact-render-to-string", "fresh", "fresh/runtime", "fresh/dev", "node:"],
  },
  { from: "lib/store/", may: ["lib/domain/", ...FOUR, "kysely", "mysql2", "node:"] },
  { from: "lib/kv/", may: ["lib/domain/", ...FOUR, "node:"] },
  { from: "lib/notify/", may: ["lib/domain/", ...FOUR, "nodemailer", "twilio", "node:"] },
  {
    from: "lib/auth/",
    may: [
      ...INSIDE,
      "lib/notify/",
      "hash-wasm",
      "otpauth",
      "@simplewebauthn/server",
      "@zxcvbn-ts/language-common",
    ],
  },
  { from: "lib/alerts/", may: [...INSIDE, "lib/notify/"] },
  {
    from: "lib/web/",
    may: [
      ...INSIDE,
      "lib/profiles/",
      "lib/auth/",
      "lib/ui/",
      "lib/health/",
      "fresh",
      "fresh/runtime",
      "saxes",
      "zod",
      ...PREACT,
    ],
  },
  { from: "lib/health/", may: INSIDE },
  { from: "lib/simulator/", may: ["lib/domain/", "lib/profiles/", ...FOUR, "node:"] },
  {
    from: "islands/",
    may: [
      "lib/domain/",
      "lib/ui/",
      "lib/result.ts",
      ...PREACT,
      "chart.js",
      "fresh/runtime",
      "@simplewebauthn/browser",
    ],
    never: ["lib/domain/local_day.ts"],
  },
  {
    from: "collector/",
    may: ["lib/profiles/", ...INSIDE, "modbus-serial"],
  },
  { from: "routes/", may: ["lib/", "islands/", ...PREACT, "fresh", "fresh/runtime", "node:"] },
  {
    from: "ops/",
    may: [...[...OPS_MAY, "notify/", "profiles/"].map((part) => `lib/${part}`), "migrations/", "node:"],
  },
  // The description of the API is made of the schemas that judge its requests: they lie where requests are judged.
  { from: "ops/docs.ts", may: ["ops/", "lib/web/api/openapi.ts"] },
  { from: "migrations/", may: ["kysely", "lib/store/dialect.ts"] },
  { from: "dev.ts", may: ["fresh/dev", "static/", "main.ts"] },
  { from: "client.ts", may: ["fresh/runtime", "static/"] },
  { from: "product.ts", may: PRODUCT },
  { from: "main.ts", may: [...PRODUCT, "product.ts", "ops/demo.ts"] },
];

/** Who may use what reaches outside. */
export const OWNERS: readonly Owner[] = [
  { of: "mysql2", parts: ["lib/store/"] },
  { of: "kysely", parts: ["lib/store/", "migrations/"] },
  { of: "node:sqlite", parts: ["lib/store/"] },
  { of: "modbus-serial", parts: ["collector/modbus.ts"] },
  { of: "nodemailer", parts: ["lib/notify/email.ts"] },
  { of: "twilio", parts: ["lib/notify/sms.ts"] },
  { of: "hash-wasm", parts: ["lib/auth/"] },
  { of: "otpauth", parts: ["lib/auth/totp.ts"] },
  { of: "@simplewebauthn/server", parts: ["lib/auth/passkey.ts"] },
  { of: "@simplewebauthn/browser", parts: ["islands/"] },
  { of: "@zxcvbn-ts/language-common", parts: ["lib/auth/common_passwords.ts"] },
  { of: "uqr", parts: ["lib/ui/QrCode.tsx"] },
  { of: "saxes", parts: ["lib/web/imports/xml.ts"] },
  { of: "zod", parts: ["lib/web/api/"] },
  { of: "chart.js", parts: ["islands/"] },
  { of: "fresh", parts: ["main.ts", "product.ts", "routes/", "lib/web/", "lib/fresh/"] },
  { of: "Deno.openKv", parts: ["lib/kv/"] },
  { of: "Deno.cron", parts: ["main.ts"] },
  { of: "listenQueue", parts: ["main.ts"] },
  { of: "Temporal", parts: ["lib/domain/local_day.ts", "lib/clock.ts"] },
];

/** Whether a path from the root is the part or lies in it. */
export function isIn(path: string, part: string): boolean {
  return part.endsWith("/") ? path.startsWith(part) : path === part;
}

/** Why `file` may not use what an owner has for itself, or undefined. */
export function refuseUse(file: string, what: string): string | undefined {
  const owner = OWNERS.find(({ of }) => of === what);
  if (owner === undefined || isIn(file, "tests/")) return undefined;
  if (owner.parts.some((part) => isIn(file, part))) return undefined;
  return `${what} belongs to ${owner.parts.join(", ")}`;
}

/** An import as it stands in a file. */
export interface Import {
  /** The importing file, from the root. */
  readonly file: string;
  /** The specifier as written. */
  readonly specifier: string;
  /** Whether only types are imported. */
  readonly typeOnly: boolean;
}

/** Why an import is refused, or undefined. */
export function refuseImport({ file, specifier, typeOnly }: Import): string | undefined {
  if (/^(npm|jsr|https?):/.test(specifier)) return `"${specifier}" goes past the import map of deno.json`;
  const target = targetOf(file, specifier);
  if (isIn(target, "tests/") && !isIn(file, "tests/")) return "nothing imports tests";
  if (isIn(file, "tests/")) return undefined;
  const types = typeOnly && target === "chart.js" && isIn(file, "lib/ui/");
  const owned = types ? undefined : refuseUse(file, target);
  if (owned !== undefined) return owned;
  const layer = layerOf(file);
  if (layer === undefined) return `no row of the import table is about ${file}`;
  const may = [layer.from, ...layer.may].some((part) => isIn(target, part) || part === builtinOf(target));
  if (may && !layer.never?.some((part) => isIn(target, part))) return undefined;
  return `${layer.from} may import ${layer.may.join(", ") || "nothing"}, not ${target}`;
}

function builtinOf(target: string): string | undefined {
  return target.startsWith("node:") ? "node:" : undefined;
}

function layerOf(file: string): Layer | undefined {
  const fitting = LAYERS.filter(({ from }) => isIn(file, from));
  return fitting.sort((one, other) => other.from.length - one.from.length)[0];
}

// A path from the root, a package without its subpath, or a name that the import map gives to lib/fresh.
function targetOf(file: string, specifier: string): string {
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, `file:///${file}`).pathname.slice(1);
  if (/^(node:|fresh(\/|$))/.test(specifier)) return specifier;
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
