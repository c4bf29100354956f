import { match, ok, strictEqual } from "node:assert/strict";
import { securityText } from "../../../lib/web/security_text.ts";

const NOW_MS = Date.UTC(2026, 10, 25, 5, 30);

Deno.test("securityText() says whom to tell, until when within a year, and where it belongs", () => {
  const text = securityText({ contact: "mailto:a@b.example", publicUrl: "https://w.example", nowMs: NOW_MS });
  match(text, /^Contact: mailto:a@b\.example$/m);
  match(text, /^Canonical: https:\/\/w\.example\/\.well-known\/security\.txt$/m);
  const [, expires = ""] = /^Expires: (.*)$/m.exec(text) ?? [];
  const days = (Date.parse(expires) - NOW_MS) / 86_400_000;
  ok(days > 30 && days < 365, `${days} days`);
  ok(!text.includes("Policy:"));
  strictEqual(text.endsWith("\n"), true);
});
