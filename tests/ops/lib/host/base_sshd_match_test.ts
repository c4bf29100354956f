import { deepStrictEqual } from "node:assert/strict";
import { loosenedIn } from "../../../../ops/lib/host/base_sshd_match.ts";

Deno.test("a Match block that lets passwords in is seen, however it is written", () => {
  const text = `PasswordAuthentication yes
# Match all
Match Address 0.0.0.0/0,::/0
  X11Forwarding no
  passwordAUTHENTICATION=yes # for a while
match user backup
\tPermitRootLogin "yes"
	KbdInteractiveAuthentication\tyes
Match all
  PasswordAuthentication no
  PermitRootLogin prohibit-password
`;
  deepStrictEqual(loosenedIn(text).map(({ block, name }) => `${block}: ${name}`), [
    "Match Address 0.0.0.0/0,::/0: passwordauthentication",
    "Match user backup: permitrootlogin",
    "Match user backup: kbdinteractiveauthentication",
  ]);
});

Deno.test("what holds for everybody is left to sshd itself", () => {
  deepStrictEqual(loosenedIn("PasswordAuthentication yes\nPermitRootLogin yes\n"), []);
});
