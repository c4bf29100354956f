/**
 * The rules of this house that a tool can check, for `deno lint`: who imports whom, who may ask for the time, where
 * SQL lives, how long a function and a file may be.
 *
 * @module
 */
import { isIn, refuseImport, refuseUse } from "./layers.ts";

type Context = Deno.lint.RuleContext;
type Visitor = Deno.lint.LintVisitor;
type Node = Deno.lint.Node;

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);
const FUNCTION_LINES = 60;
const JSX_FUNCTION_LINES = 120;
const FILE_LINES = 400;
const CLOCK_PARTS = [
  "lib/clock.ts",
  "lib/health/watchdog_worker.ts",
  "main.ts",
  "islands/",
  "lib/fresh/",
  "client.ts",
  "tests/",
];
const SQL_PARTS = ["lib/store/", "migrations/", "tests/"];
const DEFAULT_PARTS = [
  "routes/",
  "islands/",
  "main.ts",
  "dev.ts",
  "client.ts",
  "lib/fresh/",
  "tests/",
  "static/",
];
const CLOCKS = ["Date.now", "Math.random", "performance.now", "setTimeout", "setInterval"];
const SQL_TEXT =
  /^\s*(SELECT\s[^]+\sFROM\s|INSERT\s+INTO\s|REPLACE\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|(CREATE|ALTER|DROP)\s+(TABLE|VIEW|INDEX|DATABASE)\s)/;
const SQL_CALLS = [
  "selectFrom",
  "insertInto",
  "replaceInto",
  "updateTable",
  "deleteFrom",
  "createTable",
  "alterTable",
];

/** The plugin that `deno.json` names. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    layers: { create: layers },
    clock: { create: clock },
    sql: { create: sql },
    words: { create: words },
    "function-length": { create: functionLength },
    "file-length": { create: fileLength },
    "no-ignore": { create: noIgnore },
  },
};
export default plugin;

function layers(ctx: Context): Visitor {
  const file = pathOf(ctx);
  const judge = (node: Node, source: Node | null | undefined, typeOnly = false) => {
    if (source?.type !== "Literal" || typeof source.value !== "string") return;
    report(ctx, node, refuseImport({ file, specifier: source.value, typeOnly }));
  };
  return {
    ImportDeclaration: (node) => judge(node, node.source, node.importKind === "type"),
    ExportNamedDeclaration: (node) => judge(node, node.source, node.exportKind === "type"),
    ExportAllDeclaration: (node) => judge(node, node.source, node.exportKind === "type"),
    ImportExpression: (node) => judge(node, node.source),
    TSImportType: (node) =>
      judge(node, node.argument.type === "TSLiteralType" ? node.argument.literal : null, true),
    NewExpression(node) {
      const [path, base] = node.arguments;
      if (nameOf(node.callee) === "URL" && base && isMetaUrl(base) && isModule(path)) judge(node, path);
    },
    CallExpression(node) {
      if (ctx.sourceCode.getText(node.callee) === "import.meta.resolve") judge(node, node.arguments[0]);
    },
    MemberExpression: (node) => report(ctx, node, refuseUse(file, ownedMember(node))),
    "Identifier[name='Temporal']": (node) => report(ctx, node, refuseUse(file, "Temporal")),
  };
}

function clock(ctx: Context): Visitor {
  if (isInAny(pathOf(ctx), CLOCK_PARTS)) return {};
  const say = (node: Node, what: string) =>
    report(ctx, node, `${what} is reached for: take a Clock as an argument`);
  return {
    CallExpression(node) {
      const name = nameOf(node.callee).replace(/^globalThis\./, "");
      if (CLOCKS.includes(name)) say(node, name);
    },
    NewExpression(node) {
      if (nameOf(node.callee) === "Date" && node.arguments.length === 0) say(node, "new Date()");
    },
  };
}

function sql(ctx: Context): Visitor {
  if (isInAny(pathOf(ctx), SQL_PARTS)) return {};
  const say = (node: Node) => report(ctx, node, "SQL lives in lib/store and migrations");
  return {
    Literal: (node) => typeof node.value === "string" && SQL_TEXT.test(node.value) && say(node),
    TemplateLiteral: (node) => SQL_TEXT.test(node.quasis.map(({ cooked }) => cooked).join("?")) && say(node),
    TaggedTemplateExpression: (node) => nameOf(node.tag).startsWith("sql") && say(node),
    CallExpression: (node) => SQL_CALLS.includes(nameOf(node.callee).split(".").at(-1) ?? "") && say(node),
  };
}

function words(ctx: Context): Visitor {
  return {
    TSEnumDeclaration: (node) => report(ctx, node, "a choice is a union of strings, not an enum"),
    TSNonNullExpression: (node) => report(ctx, node, "prove that it is there instead of writing !"),
    ExportDefaultDeclaration(node) {
      if (!isInAny(pathOf(ctx), DEFAULT_PARTS)) report(ctx, node, "export it by its name");
    },
  };
}

function functionLength(ctx: Context): Visitor {
  if (isIn(pathOf(ctx), "tests/")) return {};
  const open: { jsx: boolean }[] = [];
  const enter = () => void open.push({ jsx: false });
  const leave = (node: Node) => {
    const limit = open.pop()?.jsx ? JSX_FUNCTION_LINES : FUNCTION_LINES;
    const lines = codeLines(ctx.sourceCode.getText(node));
    if (lines > limit) report(ctx, node, `a function of ${lines} lines; ${limit} fit a screen`);
  };
  const mark = () => open.forEach((entry) => entry.jsx = true);
  return {
    FunctionDeclaration: enter,
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    "FunctionDeclaration:exit": leave,
    "FunctionExpression:exit": leave,
    "ArrowFunctionExpression:exit": leave,
    JSXElement: mark,
    JSXFragment: mark,
  };
}

function fileLength(ctx: Context): Visitor {
  return {
    Program(node) {
      const lines = ctx.sourceCode.text.split("\n").length - 1;
      if (lines > FILE_LINES) {
        report(ctx, node, `a file of ${lines} lines; ${FILE_LINES} is the limit`, [0, 1]);
      }
    },
  };
}

function noIgnore(ctx: Context): Visitor {
  return {
    Program(node) {
      for (const comment of ctx.sourceCode.getAllComments()) {
        const [, list] = /^\s*deno-lint-ignore(?:-file)?([^\n]*)/.exec(comment.value) ?? [];
        const bare = list?.replace(/--.*/, "").trim() === "";
        if (bare || list?.includes("house/")) {
          report(ctx, node, "a rule of the house has no exceptions", comment.range);
        }
      }
    },
  };
}

function report(ctx: Context, node: Node, message: string | undefined, range?: Deno.lint.Range): void {
  if (message !== undefined) ctx.report(range ? { range, message } : { node, message });
}

function pathOf(ctx: Context): string {
  const path = ctx.filename.replace(/^file:\/\//, "");
  return path.startsWith(ROOT) ? path.slice(ROOT.length) : path.replace(/^\//, "");
}

function isInAny(path: string, parts: readonly string[]): boolean {
  return parts.some((part) => isIn(path, part));
}

// `a.b.c` of a chain of names, the part from the last call on where there is one.
function nameOf(node: Node): string {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return "";
  return `${nameOf(node.object)}.${node.property.name}`;
}

function ownedMember(node: Deno.lint.MemberExpression): string {
  const name = nameOf(node);
  return name.endsWith(".listenQueue") ? "listenQueue" : name;
}

function isMetaUrl(node: Node): boolean {
  return node.type === "MemberExpression" && node.object.type === "MetaProperty";
}

function isModule(node: Node | undefined): boolean {
  return node?.type === "Literal" && typeof node.value === "string" && /\.(tsx?|m?js)$/.test(node.value);
}

function codeLines(text: string): number {
  const code = text.replace(/\/\*[^]*?\*\//g, "").split("\n");
  return code.filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}
