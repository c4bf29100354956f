import { deepStrictEqual, ok } from "node:assert/strict";
import {
  anchorsOf,
  commandsOf,
  linksOf,
  optionsOf,
  PROGRAMS,
  SECTIONS,
  sectionsOf,
  taskOf,
} from "./runbooks.ts";

const ROOT = new URL("../../", import.meta.url);
const RUNBOOKS = "docs/runbooks";

/** Tasks that nobody runs to keep a host going: they build, try, test and measure, or are parts of other tasks. */
const NOT_OPERATORS = [
  ...["app", "ops", "build", "start", "dev", "demo", "sim"],
  ...["ok", "ok:fmt", "ok:doc", "fmt", "lint", "check", "coverage", "docs", "bench"],
];

const tasks: Readonly<Record<string, unknown>> = JSON.parse(read("deno.json")).tasks;
const operators = Object.keys(tasks).filter((name) =>
  !NOT_OPERATORS.includes(name) && !/^test(:|$)/.test(name)
);

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

function pathOf(task: string): string {
  return `${RUNBOOKS}/${task.replaceAll(":", "-")}.md`;
}

function pagesIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(new URL(`${folder}/`, ROOT))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return pagesIn(`${folder}/${name}`);
    return name.endsWith(".md") ? [`${folder}/${name}`] : [];
  });
}

const helps = new Map<string, Promise<string>>();
function helpOf(task: string): Promise<string> {
  const help = helps.get(task) ?? askHelp(task);
  helps.set(task, help);
  return help;
}

async function askHelp(task: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task, "--help"],
    cwd: ROOT,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return text.decode(stdout) + text.decode(stderr);
}

for (const task of operators) {
  Deno.test(`deno task ${task} has a runbook with its five sections, and the index leads to it`, () => {
    deepStrictEqual(sectionsOf(read(pathOf(task))), [...SECTIONS]);
    const names = linksOf(read(`${RUNBOOKS}/README.md`)).map(({ path }) => `${RUNBOOKS}/${path}`);
    ok(names.includes(pathOf(task)), `${RUNBOOKS}/README.md has no link to ${pathOf(task)}`);
  });

  Deno.test(`deno task ${task} says with --help how it is called`, async () => {
    const help = await helpOf(task);
    ok(help.includes(`deno task ${task}`), help.slice(0, 500));
  });
}

Deno.test("every runbook is of a task that exists", () => {
  const pages = pagesIn(RUNBOOKS).filter((path) => path !== `${RUNBOOKS}/README.md`);
  deepStrictEqual(pages.filter((path) => !operators.map(pathOf).includes(path)), []);
});

const pages = ["README.md", "CONTRIBUTING.md", ...pagesIn("docs")].sort();

Deno.test("commands on pages are of tasks and programs that exist, with options that their help names", async () => {
  const known = new Set(Object.values(PROGRAMS).flat());
  const wrong: string[] = [];
  for (const path of pages) {
    for (const command of commandsOf(read(path))) {
      const task = taskOf(command);
      if (task === null) {
        if (!["deno", "npx"].includes(command.program) && !known.has(command.program)) {
          wrong.push(`${path}: no program "${command.program}" in: ${command.line}`);
        }
        continue;
      }
      if (!(task.name in tasks)) wrong.push(`${path}: no task "${task.name}" in: ${command.line}`);
      else if (operators.includes(task.name)) {
        const help = await helpOf(task.name);
        const missing = optionsOf(task.args).filter((option) => !help.includes(option));
        wrong.push(...missing.map((option) => `${path}: --help of ${task.name} does not name ${option}`));
      }
    }
  }
  deepStrictEqual(wrong, []);
});

Deno.test("links between pages lead to files and headings that exist", () => {
  const dead = pages.flatMap((path) =>
    linksOf(read(path)).flatMap(({ path: to, anchor }) => {
      const target = to === "" ? new URL(path, ROOT) : new URL(to, new URL(path, ROOT));
      try {
        const isPage = Deno.statSync(target).isFile && target.pathname.endsWith(".md");
        const found = anchor === "" || !isPage || anchorsOf(Deno.readTextFileSync(target)).includes(anchor);
        return found ? [] : [`${path}: no heading #${anchor} in ${to}`];
      } catch {
        return [`${path}: no ${to}`];
      }
    })
  );
  deepStrictEqual(dead, []);
});
