/**
 * An installation below a folder of its own, with folders, owners and modes as a host has them.
 *
 * @module
 */
import { IDS, PATHS } from "../../ops/lib/host/layout.ts";
import { type Place, placeOf } from "../../ops/lib/release/place.ts";
import { must } from "../host/run.ts";

/** An installation of a test. */
export interface TestPlace extends Place {
  /** Sets settings besides. */
  tell(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Removes it with all that is in it. */
  close(): Promise<void>;
}

/** Makes the folders of an installation. */
export async function openPlace(
  { name, databaseUrl, within = "/var/tmp" }: {
    readonly name: string;
    /** `null`: it has embedded SQLite. */
    readonly databaseUrl: string | null;
    /** Folder in which its own is made. */
    readonly within?: string;
  },
  settings: Readonly<Record<string, string>>,
): Promise<TestPlace> {
  const root = await Deno.makeTempDir({ dir: within, prefix: "wattpost-release-" });
  const place = placeOf({ name, root });
  const { paths } = place;
  await Deno.chmod(root, 0o755);
  const app = `${IDS.app.id}:${IDS.app.id}`;
  const folders: readonly (readonly [string, string, number])[] = [
    [paths.config, "root:root", 0o755],
    [paths.credentials, `root:${IDS.app.id}`, 0o750],
    [paths.data, app, 0o750],
    [paths.host, `root:${IDS.app.id}`, 0o750],
    [paths.requests, app, 0o750],
    [paths.state, "root:root", 0o700],
    [paths.deploys, "root:root", 0o700],
    [paths.releases, "root:root", 0o755],
    [paths.backups, app, 0o700],
    [paths.logs, "root:adm", 0o751],
    [paths.sockets, `${IDS.app.id}:www-data`, 0o2750],
  ];
  for (const [path, owner, mode] of folders) {
    await Deno.mkdir(path, { recursive: true });
    await must(["chown", owner, path]);
    await Deno.chmod(path, mode);
  }
  await Deno.writeTextFile(paths.signInLog, "");
  await must(["chown", `${IDS.app.id}:adm`, paths.signInLog]);
  if (databaseUrl !== null) {
    const secret = `${paths.credentials}/database_url`;
    await Deno.writeTextFile(secret, databaseUrl, { mode: 0o640 });
    await must(["chown", `root:${IDS.app.id}`, secret]);
  }
  let told: Readonly<Record<string, string>> = { ...USUAL, ...settings };
  const tell = async (more: Readonly<Record<string, string>>) => {
    told = { ...told, ...more };
    await Deno.writeTextFile(
      paths.settings,
      Object.entries(told).map(([key, value]) => `${key}=${value}\n`).join(""),
    );
  };
  return { ...place, tell, close: () => Deno.remove(root, { recursive: true }) };
}

/** As `deno task host apply` writes them. */
const USUAL: Readonly<Record<string, string>> = {
  TRUST_PROXY: "on",
  DATA_DIR: PATHS.data,
  HOST_DIR: PATHS.host,
  SIGN_IN_LOG: PATHS.signInLog,
  CREDENTIALS_DIR: PATHS.credentials,
};
