import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  filesWithout,
  foreignRules,
  type Texts,
  UFW_FILES,
  wantedFiles,
  withBlock,
  withoutBlock,
  withoutForeign,
  withSettings,
} from "../../../../ops/lib/host/firewall_files.ts";
import { FIREWALLED } from "./firewall_example.ts";

const RULES_FILE = `# what others say
*filter
:ufw-after-input - [0:0]
# End required lines

-A ufw-after-input -p udp --dport 137 -j DROP
COMMIT
`;
const LIST = "*filter\n:ufw-user-input - [0:0]\n### RULES ###\n-A ufw-user-limit -j REJECT\nCOMMIT\n";
const SHIPPED: Texts = {
  [UFW_FILES.defaults]: 'IPV6=no\nDEFAULT_INPUT_POLICY="ACCEPT"\n# a note\nIPT_MODULES=""\n',
  [UFW_FILES.settings]: "# /etc/ufw/ufw.conf\nENABLED=no\nLOGLEVEL=low\n",
  [UFW_FILES.before.ipv4]: RULES_FILE,
  [UFW_FILES.before.ipv6]: RULES_FILE,
  [UFW_FILES.after.ipv4]: RULES_FILE,
  [UFW_FILES.after.ipv6]: RULES_FILE,
  [UFW_FILES.user.ipv4]: LIST,
  [UFW_FILES.user.ipv6]: LIST.replaceAll("ufw-", "ufw6-"),
};
const WANTED = wantedFiles(FIREWALLED, SHIPPED);
const FOREIGN =
  "### tuple ### allow tcp 8080 0.0.0.0/0 any 0.0.0.0/0 in\n-A ufw-user-input -p tcp --dport 8080 -j ACCEPT\n\n";
const KEPT = FOREIGN.replaceAll("8080", "9100").replace(" in\n", " in comment=6b6565703a206d6f6e69746f72\n");

function withForeign(texts: Texts, block: string): Texts {
  const path = UFW_FILES.user.ipv4;
  return { ...texts, [path]: (texts[path] ?? "").replace("### END RULES ###", `${block}### END RULES ###`) };
}

Deno.test("files that are as described stay as they are", () =>
  deepStrictEqual(wantedFiles(FIREWALLED, WANTED), WANTED));

Deno.test("what others wrote stays, and our lines stand between our marks", () => {
  const text = WANTED[UFW_FILES.after.ipv4] ?? "";
  match(
    text,
    /^# what others say\n[^]*# End required lines\n# BEGIN Made by Wattpost[^]*# END Wattpost\n\n-A ufw-after-input/,
  );
  strictEqual(withoutBlock(text), RULES_FILE);
});

Deno.test("lines of ours that somebody changed are put right where they stand", () => {
  const text = WANTED[UFW_FILES.before.ipv4] ?? "";
  const damaged = `${text.replace("-j wattpost-app\n", "-j ACCEPT\n")}# a note at the end\n`;
  const again = wantedFiles(FIREWALLED, { ...WANTED, [UFW_FILES.before.ipv4]: damaged });
  strictEqual(again[UFW_FILES.before.ipv4], `${text}# a note at the end\n`);
});

Deno.test("a mark that was lost costs neither our lines nor those of others", () => {
  const text = WANTED[UFW_FILES.after.ipv4] ?? "";
  for (const mark of [/^# BEGIN .*\n/m, /^# END .*\n/m]) {
    const again = wantedFiles(FIREWALLED, { ...WANTED, [UFW_FILES.after.ipv4]: text.replace(mark, "") });
    strictEqual(again[UFW_FILES.after.ipv4], text);
  }
});

Deno.test("a file of rules without the usual lines gets ours before its first rule", () => {
  strictEqual(
    withBlock("*filter\n:a - [0:0]\n-A a -j DROP\nCOMMIT\n", ["-A a -j RETURN"]).replace(
      /^# BEGIN.*$/m,
      "# BEGIN",
    ),
    "*filter\n:a - [0:0]\n# BEGIN\n-A a -j RETURN\n# END Wattpost\n-A a -j DROP\nCOMMIT\n",
  );
});

Deno.test("settings are set in their lines, those that are missing at the end", () => {
  strictEqual(withSettings("A=1\n# B\nC=3", { A: "2", B: "x$&" }), "A=2\n# B\nC=3\nB=x$&\n");
  match(
    WANTED[UFW_FILES.defaults] ?? "",
    /^IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n# a note\nIPT_MODULES=""\n/,
  );
  match(WANTED[UFW_FILES.settings] ?? "", /^ENABLED=yes$/m);
});

Deno.test("a rule that somebody added is told, and goes", () => {
  const now = withForeign(WANTED, FOREIGN);
  deepStrictEqual(foreignRules(now), [
    { family: "ipv4", rule: "allow tcp 8080 0.0.0.0/0 any 0.0.0.0/0 in", comment: "", stays: false },
  ]);
  deepStrictEqual(wantedFiles(FIREWALLED, now), WANTED);
  const path = UFW_FILES.user.ipv4;
  strictEqual(withoutForeign(path, now[path] ?? ""), WANTED[path]);
});

Deno.test("a rule whose comment begins with keep stays, behind ours", () => {
  const now = withForeign(WANTED, KEPT);
  deepStrictEqual(wantedFiles(FIREWALLED, now), now);
  deepStrictEqual(foreignRules(now).map(({ comment, stays }) => ({ comment, stays })), [
    { comment: "keep: monitor", stays: true },
  ]);
});

Deno.test("a refusal that stays is asked before our rules", () => {
  const now = withForeign(WANTED, KEPT.replace("allow", "deny").replace("ACCEPT", "DROP"));
  const list = wantedFiles(FIREWALLED, now)[UFW_FILES.user.ipv4] ?? "";
  ok(list.indexOf("deny tcp 9100") < list.indexOf("comment=57617474706f7374"), list);
});

Deno.test("taken away, files are as they were, and rules that had to go are back", () => {
  const before = withForeign(wantedFiles({ ...FIREWALLED, vpn: null }, SHIPPED), FOREIGN);
  const rest = filesWithout(WANTED, { ...SHIPPED, [UFW_FILES.user.ipv4]: before[UFW_FILES.user.ipv4] ?? "" });
  strictEqual(rest[UFW_FILES.before.ipv4], RULES_FILE);
  strictEqual(rest[UFW_FILES.settings], SHIPPED[UFW_FILES.settings]);
  match(rest[UFW_FILES.defaults] ?? "", /^IPV6=no\nDEFAULT_INPUT_POLICY="ACCEPT"\n/);
  match(rest[UFW_FILES.user.ipv4] ?? "", /allow tcp 8080/);
  ok(!/wattpost/i.test(Object.values(rest).join("").replaceAll("57617474706f7374", "wattpost")));
});
