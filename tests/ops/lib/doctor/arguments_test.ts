import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { DOCTOR_HELP, readDoctorArguments } from "../../../../ops/lib/doctor/arguments.ts";
import { CHECK_NAMES } from "../../../../ops/lib/doctor/names.ts";

Deno.test("without arguments everything of this host is checked, with a sample of eight sites", () => {
  const read = readDoctorArguments([]);
  if (!read.ok) throw new Error(String(read.error));
  const { place, ...rest } = read.value;
  strictEqual(place.name, "wattpost");
  deepStrictEqual(rest, { only: [], routers: 8, app: null, caFile: null, withinMs: 120_000, json: false });
});

Deno.test("arguments say what is checked, where the app is asked and where the installation lies", () => {
  const read = readDoctorArguments([
    ...["--only", "database, mail", "--routers", "3", "--socket", "/run/wattpost/blue.sock", "--json"],
    ...["--root", "/srv/trial/", "--name", "trial", "--seconds", "30", "--ca", "ca.pem"],
  ]);
  if (!read.ok) throw new Error(String(read.error));
  const { place, ...rest } = read.value;
  strictEqual(place.paths.settings, "/srv/trial/etc/wattpost/wattpost.env");
  deepStrictEqual(rest, {
    only: ["database", "mail"],
    routers: 3,
    app: { kind: "socket", path: "/run/wattpost/blue.sock" },
    caFile: "ca.pem",
    withinMs: 30_000,
    json: true,
  });
});

const REFUSED = [
  [["--only", "weather"], /No check is called "weather"/],
  [["--routers", "51"], /0 to 50/],
  [["--url", "ftp://x"], /--url/],
  [["--url", "http://127.0.0.1", "--socket", "/run/x"], /not both/],
  [["--socket", "run/x"], /absolute/],
  [["--root", "/srv/x"], /both or neither/],
  [["--root", "/srv/x", "--name", "Trial!"], /--name/],
  [["--seconds", "1"], /5 to 600/],
  [["--fix"], /--fix/],
] as const;

for (const [args, want] of REFUSED) {
  Deno.test(`doctor ${args.join(" ")} is refused with words`, () => {
    const read = readDoctorArguments(args);
    match(read.ok ? "" : String(read.error), want);
  });
}

Deno.test("--help names every check", () => {
  deepStrictEqual(readDoctorArguments(["--help"]), { ok: false, error: null });
  for (const name of CHECK_NAMES) match(DOCTOR_HELP, new RegExp(`\\b${name}\\b`));
});
