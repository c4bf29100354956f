import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { rulesOf } from "../../../../ops/lib/host/firewall_rules.ts";
import { afterLines, beforeLines, userBlocks } from "../../../../ops/lib/host/firewall_texts.ts";
import { FIREWALLED } from "./firewall_example.ts";

const RULES = rulesOf(FIREWALLED);

Deno.test("UFW's list has SSH from each admin network in its own family, exactly as UFW writes it", () => {
  const [ssh, ...more] = userBlocks(RULES, "ipv4").filter((block) => block.includes(" limit "));
  strictEqual(
    ssh,
    `### tuple ### limit tcp 22 0.0.0.0/0 any 192.0.2.0/24 in comment=57617474706f73743a20737368
-A ufw-user-input -p tcp --dport 22 -s 192.0.2.0/24 -m conntrack --ctstate NEW -m recent --set
-A ufw-user-input -p tcp --dport 22 -s 192.0.2.0/24 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit
-A ufw-user-input -p tcp --dport 22 -s 192.0.2.0/24 -j ufw-user-limit-accept
`,
  );
  deepStrictEqual(more, []);
  match(userBlocks(RULES, "ipv6").join(""), /limit tcp 22 ::\/0 any 2001:db8:a::\/48 in /);
});

Deno.test("the tunnel is closed before anything is opened, and routers come before everywhere else", () => {
  for (const family of ["ipv4", "ipv6"] as const) {
    const tuples = userBlocks(RULES, family).map((block) => block.split("\n")[0] ?? "");
    match(tuples[0] ?? "", /deny any any .* in_wattpost0 /);
    const allowed = tuples.findLastIndex((line) => / allow tcp 502,1502 .* out /.test(line));
    const refused = tuples.findIndex((line) => / reject tcp 502,1502 .* out /.test(line));
    ok(allowed >= 0 && allowed < refused, tuples.join("\n"));
  }
});

Deno.test("addresses stay in their family, and single ones are written without their bits, as UFW does", () => {
  const blocks = userBlocks(RULES, "ipv4").join("");
  match(blocks, /-d 203\.0\.113\.7 -j ACCEPT/);
  for (
    const line of [...userBlocks(RULES, "ipv4"), ...beforeLines(RULES, "ipv4"), ...afterLines(RULES, "ipv4")]
  ) {
    ok(!/ [0-9a-f]+::/.test(line), line);
  }
  for (const line of [...beforeLines(RULES, "ipv6"), ...afterLines(RULES, "ipv6")]) {
    ok(!/ -d \d+\./.test(line), line);
  }
});

Deno.test("what the app may not open is logged with a limit, then refused", () => {
  const chain = beforeLines(RULES, "ipv4").filter((line) => line.startsWith("-A wattpost-app "));
  deepStrictEqual(chain.slice(-3), [
    '-A wattpost-app -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW WATTPOST APP] "',
    "-A wattpost-app -p tcp -j REJECT --reject-with tcp-reset",
    "-A wattpost-app -j REJECT",
  ]);
});

Deno.test("the app is told by its user, and its own machine is never refused", () => {
  match(
    beforeLines(RULES, "ipv6").join("\n"),
    /^-A ufw6-before-output ! -o lo -m owner --uid-owner 65532 -m conntrack ! --ctstate RELATED,ESTABLISHED -j wattpost-app$/m,
  );
});

Deno.test("Docker's chain drops whatever is new from outside and ends as Docker would end it", () => {
  for (const family of ["ipv4", "ipv6"] as const) {
    const chain = afterLines(RULES, family).filter((line) => line.startsWith("-A DOCKER-USER "));
    deepStrictEqual(chain.slice(-2), ["-A DOCKER-USER -j DROP", "-A DOCKER-USER -j RETURN"]);
    const own = chain.findIndex((line) => line.includes("-g wattpost-containers"));
    const foreign = chain.findIndex((line) => line.includes("-i docker0 "));
    ok(own >= 0 && own < foreign, "the app's containers are asked first");
  }
});

Deno.test("prefixes of log lines are short enough for the kernel", () => {
  for (const line of [...beforeLines(RULES, "ipv4"), ...afterLines(RULES, "ipv4")]) {
    const [, prefix = ""] = /--log-prefix "([^"]*)"/.exec(line) ?? [];
    ok(prefix.length <= 29, prefix);
  }
});
