/**
 * Which packages of npm a program needs: what its modules import and what these depend on in turn. The lock file names
 * more, for what only tests import stands in it too. Pure.
 *
 * @module
 */

/** A package of npm in one version, once however often it stands in the lock file for different peers. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** What npm says of its archive, `sha512-` and base64; `null`: the lock file does not say. */
  readonly integrity: string | null;
  /** Packages it depends on, as {@link packageId}, sorted. */
  readonly needs: readonly string[];
}

/** Name and version, `kysely@0.29.9`. */
export function packageId({ name, version }: Pick<NpmPackage, "name" | "version">): string {
  return `${name}@${version}`;
}

/** `deno info --json`, as far as it is read here. */
export interface ModuleInfo {
  readonly modules: readonly { readonly kind?: string; readonly npmPackage?: string }[];
  readonly npmPackages?: Readonly<
    Record<
      string,
      { readonly name: string; readonly version: string; readonly dependencies: readonly string[] }
    >
  >;
}

/** `deno.lock`, as far as it is read here. */
export interface LockFile {
  readonly npm?: Readonly<Record<string, { readonly integrity?: string }>>;
}

/** Every package that one of the programs needs, sorted by name and version. */
export function neededPackages(programs: readonly ModuleInfo[], lock: LockFile): readonly NpmPackage[] {
  const known = Object.assign({}, ...programs.map((one) => one.npmPackages ?? {})) as NonNullable<
    ModuleInfo["npmPackages"]
  >;
  const seen = new Set<string>();
  const open = programs.flatMap(({ modules }) => modules.flatMap((one) => one.npmPackage ?? []));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...known[next]?.dependencies ?? []);
  }
  const found = new Map<string, NpmPackage>();
  for (const key of seen) {
    const one = known[key];
    if (one === undefined) throw new Error(`Cannot list packages: nothing is known of "${key}"`);
    const { name, version } = one;
    const id = packageId(one);
    const needs = one.dependencies.flatMap((other) => known[other] ? [packageId(known[other])] : []);
    found.set(id, {
      name,
      version,
      integrity: lock.npm?.[key]?.integrity ?? found.get(id)?.integrity ?? null,
      needs: [...new Set([...found.get(id)?.needs ?? [], ...needs])].sort(),
    });
  }
  return [...found].sort(([one], [other]) => one < other ? -1 : 1).map(([, each]) => each);
}
