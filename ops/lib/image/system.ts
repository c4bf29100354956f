/**
 * The little of Debian that Deno needs: its libraries, certificates of authorities, who is who. No shell, no package
 * manager, nothing else that somebody who broke in could use.
 *
 * @module
 */

import { IDS, PATHS } from "../host/layout.ts";
import type { DebianPackage } from "./sbom.ts";
import { copyTree, type Held } from "./tree.ts";

/** Deno, where it lies while the image is built and in the image. */
const DENO = "/usr/local/bin/deno";

/** Files of Debian besides libraries, and the packages that brought them. */
const FILES: Readonly<Record<string, string>> = {
  "/etc/ssl/certs/ca-certificates.crt": "ca-certificates",
  "/usr/lib/os-release": "base-files",
  // Encrypts backups; it asks for no library that Deno does not.
  "/usr/bin/age": "age",
};

/** As Debian has them: the loader of programs is asked for by these paths. */
const LINKS: Readonly<Record<string, string>> = {
  "bin": "usr/bin",
  "lib": "usr/lib",
  "lib64": "usr/lib64",
  "sbin": "usr/sbin",
  "etc/os-release": "../usr/lib/os-release",
};

const { name: APP, id: APP_ID } = IDS.app;

const TEXTS: Readonly<Record<string, string>> = {
  "etc/passwd": `root:x:0:0:root:/:/sbin/nologin\n${APP}:x:${APP_ID}:${APP_ID}:${APP}:/app:/sbin/nologin\n`,
  "etc/group": `root:x:0:\n${APP}:x:${APP_ID}:\n`,
  "etc/nsswitch.conf": "hosts: files dns\n",
  [PATHS.settings.slice(1)]: "# Settings of Wattpost that are no secrets, NAME=value a line\n",
};

/** Folders that are mounted over or written to, and whose they are; a new volume takes that over. */
export const HELD: ReadonlyMap<string, Held> = new Map([
  ["app/data", { mode: 0o750, uid: APP_ID }],
  [PATHS.credentials.slice(1), { mode: 0o750, uid: APP_ID }],
  [PATHS.backups.slice(1), { mode: 0o700, uid: APP_ID }],
  ["tmp", { mode: 0o1777, uid: 0 }],
]);

/** Folders that are there so that something can be mounted. */
const FOLDERS = [
  ...HELD.keys(),
  ...[PATHS.data, PATHS.host, PATHS.sockets, PATHS.logs].map((path) => path.slice(1)),
  "run/secrets",
  "usr/bin",
  "usr/sbin",
  "usr/lib64",
];

/** Runs a program that must succeed; its standard output. */
export type Ask = (program: string, args: readonly string[]) => string;

/** Lays the system out in a folder; the packages of Debian of which something is in it, by name. */
export function laySystem(folder: string, ask: Ask): readonly DebianPackage[] {
  for (const path of FOLDERS) Deno.mkdirSync(`${folder}/${path}`, { recursive: true });
  for (const [path, to] of Object.entries(LINKS)) Deno.symlinkSync(to, `${folder}/${path}`);
  for (const [path, text] of Object.entries(TEXTS)) Deno.writeTextFileSync(`${folder}/${path}`, text);
  copyTree(DENO, `${folder}${DENO}`);
  const names = new Set(Object.values(FILES));
  for (const path of Object.keys(FILES)) copyTree(path, `${folder}${path}`);
  for (const path of libraries(ask("ldd", [DENO]))) {
    copyTree(path, `${folder}/usr${path}`);
    names.add(ownerOf(ask("dpkg-query", ["--search", path])));
  }
  const sorted = [...names].sort();
  // Where those who look for known weaknesses expect it of an image without a package manager.
  Deno.mkdirSync(`${folder}/var/lib/dpkg/status.d`, { recursive: true });
  for (const name of sorted) {
    Deno.writeTextFileSync(`${folder}/var/lib/dpkg/status.d/${name}`, ask("dpkg-query", ["--status", name]));
    const licence = `/usr/share/doc/${name}/copyright`;
    copyTree(licence, `${folder}${licence}`);
  }
  const format = "${Package}\\t${Version}\\t${Architecture}\\n";
  return readDebian(ask("dpkg-query", ["--show", `--showformat=${format}`, ...sorted]));
}

/** Paths of the libraries in the answer of `ldd`, as the loader looks for them. */
export function libraries(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|=> )\s*(\/\S+) \(0x/gm)].map(([, path = ""]) => path.replace(/^\/usr/, ""));
}

/** The package in the answer of `dpkg-query --search`: `libc6:amd64: /lib/…`. */
export function ownerOf(text: string): string {
  const [, name] = /^([a-z0-9][a-z0-9+.-]*)(?::\w+)?: \//m.exec(text) ?? [];
  if (name === undefined) throw new Error(`Cannot tell which package brought a file: "${text.trim()}"`);
  return name;
}

/** Lines of name, version and architecture. */
export function readDebian(text: string): readonly DebianPackage[] {
  return text.split("\n").filter((line) => line !== "").map((line) => {
    const [name = "", version = "", architecture = ""] = line.split("\t");
    return { name, version, architecture };
  });
}
