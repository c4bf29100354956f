/**
 * UFW's files with our part in them: what others wrote there stays. Pure: given a text, gives the text that it should
 * be.
 *
 * @module
 */

import type { HostDescription } from "./description.ts";
import { FAMILIES, type Family, rulesOf } from "./firewall_rules.ts";
import { afterLines, beforeLines, OUR_COMMENT, ufwPrefix, userBlocks } from "./firewall_texts.ts";
import { MADE_BY } from "./layout.ts";

/** UFW's files that we have a part in. */
export const UFW_FILES = {
  defaults: "/etc/default/ufw",
  settings: "/etc/ufw/ufw.conf",
  before: { ipv4: "/etc/ufw/before.rules", ipv6: "/etc/ufw/before6.rules" },
  after: { ipv4: "/etc/ufw/after.rules", ipv6: "/etc/ufw/after6.rules" },
  user: { ipv4: "/etc/ufw/user.rules", ipv6: "/etc/ufw/user6.rules" },
} as const;

/** Their paths. */
export const UFW_PATHS: readonly string[] = [
  UFW_FILES.defaults,
  UFW_FILES.settings,
  ...[UFW_FILES.before, UFW_FILES.after, UFW_FILES.user].flatMap((of) =>
    FAMILIES.map((family) => of[family])
  ),
];

/** Where UFW keeps a file as it was shipped; `null`: it has none. */
export function shippedPath(path: string): string | null {
  const name = /^\/etc\/ufw\/((?:before|after|user)6?\.rules)$/.exec(path)?.[1];
  if (name !== undefined) return `/usr/share/ufw/iptables/${name}`;
  return path === UFW_FILES.settings ? "/usr/share/ufw/ufw.conf" : null;
}

/** Texts of files by their path. */
export type Texts = Readonly<Record<string, string>>;

/** A rule in UFW's list that is not of Wattpost. */
export interface ForeignRule {
  readonly family: Family;
  /** As UFW writes it: `allow tcp 8080 0.0.0.0/0 any 0.0.0.0/0 in`. */
  readonly rule: string;
  /** Its comment; empty: none. */
  readonly comment: string;
  /** Whether its comment begins with `keep`: then it stays. */
  readonly stays: boolean;
}

const BEGIN = `# BEGIN ${MADE_BY}`;
const END = "# END Wattpost";
const OURS = /wattpost|DOCKER-USER/i;

/** Every file as it should be, given what it is now; paths that are missing were not there. */
export function wantedFiles(described: HostDescription, now: Texts): Texts {
  const rules = rulesOf(described);
  const files: [string, string][] = [];
  const edit = (path: string, change: (text: string) => string) => {
    const text = now[path];
    if (text !== undefined) files.push([path, change(text)]);
  };
  edit(UFW_FILES.defaults, (text) => withSettings(text, DEFAULTS));
  for (const family of FAMILIES) {
    edit(UFW_FILES.before[family], (text) => withBlock(text, beforeLines(rules, family)));
    edit(UFW_FILES.after[family], (text) => withBlock(text, afterLines(rules, family)));
    edit(UFW_FILES.user[family], (text) => withUserBlocks(text, userBlocks(rules, family), family));
  }
  edit(UFW_FILES.settings, (text) => withSettings(text, { ENABLED: "yes" }));
  return Object.fromEntries(files);
}

/** Every file without our part, given how they were before it: settings are as they were then. */
export function filesWithout(now: Texts, before: Texts): Texts {
  const without = (path: string, text: string): string => {
    const was = before[path] ?? "";
    if (path === UFW_FILES.defaults) return withSettings(text, settingsOf(was, DEFAULTS));
    if (path === UFW_FILES.settings) return withSettings(text, settingsOf(was, { ENABLED: "no" }));
    return isUserList(path) ? withoutOurs(text, was) : withoutBlock(text);
  };
  return Object.fromEntries(Object.entries(now).map(([path, text]) => [path, without(path, text)]));
}

const DEFAULTS = {
  IPV6: "yes",
  DEFAULT_INPUT_POLICY: '"DROP"',
  DEFAULT_OUTPUT_POLICY: '"ACCEPT"',
  DEFAULT_FORWARD_POLICY: '"DROP"',
  MANAGE_BUILTINS: "no",
} as const;

/** A file of settings with some of them set; other lines stay. */
export function withSettings(text: string, settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings).reduce((whole, [name, value]) => {
    const line = new RegExp(`^${name}=.*$`, "m");
    if (line.test(whole)) return whole.replace(line, () => `${name}=${value}`);
    return `${whole.replace(/\n*$/, "\n")}${name}=${value}\n`;
  }, text);
}

function settingsOf(
  text: string,
  usual: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(usual).map((
      [name, value],
    ) => [name, new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? value]),
  );
}

/** A file of rules with our lines between our marks: where they stood, else before the first rule. */
export function withBlock(text: string, lines: readonly string[]): string {
  const block = [BEGIN, ...lines, END].join("\n");
  const stands = blockOf(text);
  if (stands !== null) return text.replace(stands, () => `${block}\n`);
  const rest = withoutBlock(text);
  const after = /^# End required lines\n/m.exec(rest) ?? /^\*filter\n(?::.*\n)*/m.exec(rest);
  const at = after === null ? 0 : after.index + after[0].length;
  return `${rest.slice(0, at)}${block}\n${rest.slice(at)}`;
}

/** A file of rules without our lines; where a mark was lost, lines that are plainly ours go. */
export function withoutBlock(text: string): string {
  const stands = blockOf(text);
  if (stands !== null) return text.replace(stands, "");
  if (!text.includes(BEGIN) && !text.includes(END)) return text;
  return text.split("\n").filter((line) => !OURS.test(line) && !/^:ufw6?-user-forward /.test(line)).join(
    "\n",
  );
}

function blockOf(text: string): string | null {
  const begin = text.indexOf(`${BEGIN}\n`);
  const end = text.indexOf(`${END}\n`, begin);
  if (begin < 0 || end < 0 || text.lastIndexOf(`${BEGIN}\n`) !== begin) return null;
  return text.slice(begin, end + END.length + 1);
}

const RULES = "### RULES ###\n";
const END_RULES = "### END RULES ###\n";

/** UFW's list with our rules in it: what of others stays is before ours where it refuses, else after them. */
function withUserBlocks(text: string, ours: readonly string[], family: Family): string {
  const { head, blocks, tail } = userParts(text, family);
  const stays = blocks.filter((block) => !isOurs(block) && commentOf(block).startsWith("keep"));
  const refuses = (block: string) => /^### tuple ### (route:)?(deny|reject) /.test(block);
  const all = [...stays.filter(refuses), ...ours, ...stays.filter((block) => !refuses(block))];
  return listText(head, all, tail);
}

/** UFW's list without our rules, and with those of others that were there before and had to go. */
function withoutOurs(text: string, before: string): string {
  const family = familyOf(text);
  const { head, blocks, tail } = userParts(text, family);
  const rest = blocks.filter((block) => !isOurs(block));
  const gone = userParts(before, family).blocks.filter((block) => !isOurs(block) && !rest.includes(block));
  return listText(head, [...gone, ...rest], tail);
}

/** A file without the rules of others that are to go; other files than UFW's list as they are. */
export function withoutForeign(path: string, text: string): string {
  if (!isUserList(path)) return text;
  const { head, blocks, tail } = userParts(text, familyOf(text));
  return listText(head, blocks.filter((block) => isOurs(block) || commentOf(block).startsWith("keep")), tail);
}

function isUserList(path: string): boolean {
  return path === UFW_FILES.user.ipv4 || path === UFW_FILES.user.ipv6;
}

function familyOf(text: string): Family {
  return text.includes(":ufw6-user-input") ? "ipv6" : "ipv4";
}

function listText(head: string, blocks: readonly string[], tail: string): string {
  return `${head}${RULES}\n${blocks.map((block) => `${block}\n`).join("")}${END_RULES}${tail}`;
}

/** The rules of others in UFW's list. */
export function foreignRules(now: Texts): readonly ForeignRule[] {
  return FAMILIES.flatMap((family) => {
    const { blocks } = userParts(now[UFW_FILES.user[family]] ?? "", family);
    return blocks.filter((block) => !isOurs(block)).map((block) => {
      const comment = commentOf(block);
      const rule = (block.split("\n", 1)[0] ?? "").replace("### tuple ### ", "").replace(/ comment=\S+/, "");
      return { family, rule, comment, stays: comment.startsWith("keep") };
    });
  });
}

interface UserParts {
  readonly head: string;
  readonly blocks: readonly string[];
  readonly tail: string;
}

function userParts(text: string, family: Family): UserParts {
  const start = text.indexOf(RULES);
  const end = text.indexOf(END_RULES);
  // As it is shipped, UFW's list has no end yet: UFW adds it, and what follows, with its first rule.
  if (start < 0 || end < 0) return { head: userHead(family), blocks: [], tail: userTail(family) };
  const blocks = text.slice(start + RULES.length, end).split(/^(?=### tuple ### )/m)
    .filter((block) => block.startsWith("### tuple ### "))
    .map((block) => `${block.trimEnd()}\n`);
  return { head: text.slice(0, start), blocks, tail: text.slice(end + END_RULES.length) };
}

function isOurs(block: string): boolean {
  return commentOf(block).startsWith(OUR_COMMENT);
}

function commentOf(block: string): string {
  const hex = /^### tuple ### .* comment=([0-9a-f]+)/.exec(block)?.[1] ?? "";
  const bytes = (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function userHead(family: Family): string {
  const chains = [
    ...["user-input", "user-output", "user-forward", "before-logging-input", "before-logging-output"],
    ...["before-logging-forward", "user-logging-input", "user-logging-output", "user-logging-forward"],
    ...["after-logging-input", "after-logging-output", "after-logging-forward", "logging-deny"],
    ...["logging-allow", "user-limit", "user-limit-accept"],
  ];
  return `*filter\n${chains.map((name) => `:${ufwPrefix(family)}-${name} - [0:0]\n`).join("")}`;
}

function userTail(family: Family): string {
  const limit = "-m limit --limit 3/min --limit-burst 10";
  const ufw = ufwPrefix(family);
  return `
### LOGGING ###
-A ${ufw}-after-logging-input -j LOG --log-prefix "[UFW BLOCK] " ${limit}
-A ${ufw}-after-logging-forward -j LOG --log-prefix "[UFW BLOCK] " ${limit}
-I ${ufw}-logging-deny -m conntrack --ctstate INVALID -j RETURN ${limit}
-A ${ufw}-logging-deny -j LOG --log-prefix "[UFW BLOCK] " ${limit}
-A ${ufw}-logging-allow -j LOG --log-prefix "[UFW ALLOW] " ${limit}
### END LOGGING ###

### RATE LIMITING ###
-A ${ufw}-user-limit -m limit --limit 3/minute -j LOG --log-prefix "[UFW LIMIT BLOCK] "
-A ${ufw}-user-limit -j REJECT
-A ${ufw}-user-limit-accept -j ACCEPT
### END RATE LIMITING ###
COMMIT
`;
}
