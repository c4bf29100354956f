import { deepStrictEqual } from "node:assert/strict";
import { anchorsOf, commandsOf, linksOf, optionsOf, sectionsOf, taskOf } from "./runbooks.ts";

const PAGE = `# Title

See [this](other.md#a-heading), \`[not](this.md)\` and [out](https://example.org).

## When

\`\`\`sh
sudo -u wattpost A=1 deno task -q host plan --file x.json # a comment
ufw status | grep "80/tcp" && echo done 2> /dev/null
deno task vpn \\
  --list=all
\`\`\`

\`\`\`json
not a command
## not a heading
\`\`\`

## \`deno task\`: a heading
`;

Deno.test("commandsOf() reads shell blocks alone, without sudo, variables, comments and redirections", () => {
  deepStrictEqual(commandsOf(PAGE).map(({ program, args }) => [program, ...args]), [
    ["deno", "task", "-q", "host", "plan", "--file", "x.json"],
    ["ufw", "status"],
    ["grep", "80/tcp"],
    ["echo", "done"],
    ["deno", "task", "vpn", "--list=all"],
  ]);
});

Deno.test("taskOf() knows Deno's tasks, also through npx, and no other program's", () => {
  const [first, , , , last] = commandsOf(PAGE).map(taskOf);
  deepStrictEqual(first, { name: "host", args: ["plan", "--file", "x.json"] });
  deepStrictEqual(last && optionsOf(last.args), ["--list"]);
  deepStrictEqual(
    taskOf({ program: "npx", args: ["-y", "deno@2.9.6", "task", "demo"], line: "" })?.name,
    "demo",
  );
  deepStrictEqual(taskOf({ program: "ufw", args: ["task"], line: "" }), null);
});

Deno.test("sectionsOf(), linksOf() and anchorsOf() look past code", () => {
  deepStrictEqual(sectionsOf(PAGE), ["When", "`deno task`: a heading"]);
  deepStrictEqual(linksOf(PAGE), [{ path: "other.md", anchor: "a-heading" }]);
  deepStrictEqual(anchorsOf(PAGE), ["title", "when", "deno-task-a-heading"]);
});
