/**
 * Which test files there are and with which permissions each kind runs; told by the end of a file's name.
 *
 * @module
 */

/**
 * What test files need: nothing, files and sockets, database servers, Chromium, a host of their own, releases in
 * containers.
 */
export const TEST_KINDS = ["unit", "io", "engine", "browser", "host", "release"] as const;

/** What a test file needs. */
export type TestKind = typeof TEST_KINDS[number];

/** A run of some test files, or of one check. */
export interface Suite {
  /** What it is called in the summary. */
  readonly name: string;
  /** Arguments of `deno`. */
  readonly args: readonly string[];
  /** Longest it may take. */
  readonly deadlineMs: number;
}

const MINUTE_MS = 60_000;
const FILES_LIMIT = 5_000;
const TEST = ["test", "--quiet", "--no-check", "--no-prompt"];
const REAL_THINGS = ["env", "net", "read", "write", "sys", "run"].map((what) => `--allow-${what}`);

/** Flags of `deno test` for each kind: pure tests get nothing, only Chromium's driver may load native code. */
export const KIND_FLAGS: Readonly<Record<TestKind, readonly string[]>> = {
  unit: [],
  io: REAL_THINGS,
  engine: REAL_THINGS,
  browser: ["--allow-all"],
  host: REAL_THINGS,
  release: REAL_THINGS,
};

/** What must hold of the source itself; each counts as one test. */
export const CHECKS: readonly Suite[] = [
  { name: "formatted", args: ["task", "-q", "ok:fmt"], deadlineMs: MINUTE_MS },
  { name: "linted", args: ["task", "-q", "lint"], deadlineMs: 2 * MINUTE_MS },
  { name: "types", args: ["task", "-q", "check"], deadlineMs: 5 * MINUTE_MS },
  { name: "documented", args: ["task", "-q", "ok:doc"], deadlineMs: 2 * MINUTE_MS },
];

/** Whether nothing may be skipped, by what the variable `CI` says. */
export function isCi(value: string | undefined): boolean {
  return !["", "0", "false", undefined].includes(value);
}

/** The kind of a test file. */
export function kindOf(path: string): TestKind {
  const [, ending] = /_([a-z]+)_test\.tsx?$/.exec(path) ?? [];
  return TEST_KINDS.find((kind) => kind === ending) ?? "unit";
}

/** The suite of one kind; the pure tests come through their one entry. */
export function suiteOf(kind: TestKind, files: readonly string[]): Suite {
  const minutes: Readonly<Record<TestKind, number>> = {
    unit: 3,
    io: 33,
    engine: 25,
    browser: 33,
    host: 45,
    release: 60,
  };
  const entries = kind === "unit" ? ["tests/unit.ts"] : files;
  return {
    name: kind,
    args: [...TEST, ...KIND_FLAGS[kind], ...entries],
    deadlineMs: minutes[kind] * MINUTE_MS,
  };
}

/** All test files under a folder, as paths that start with it, sorted. */
export async function listTestFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for await (const { name, isDirectory } of Deno.readDir(next)) {
      if (isDirectory) folders.push(`${next}/${name}`);
      else if (/_test\.tsx?$/.test(name)) found.push(`${next}/${name}`);
    }
    if (found.length > FILES_LIMIT) throw new Error(`More than ${FILES_LIMIT} test files under ${folder}`);
  }
  return found.sort();
}

/** `tests/unit.ts`: imports every pure test, so that all of them share one isolate. */
export function formatUnitEntry(files: readonly string[]): string {
  const imports = files.filter((path) => kindOf(path) === "unit").map((path) =>
    `import "./${path.replace(/^tests\//, "")}";\n`
  );
  return `/**
 * Every pure test in one isolate, because starting one a file takes longer than the tests. Written by
 * \`deno task docs\`; a test of the house notices when one is forgotten.
 *
 * @module
 */
${imports.join("")}`;
}
