import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  OWN_FIRST,
  ownRoleFault,
  readSecurityForm,
  roleFactorRow,
  savedCountOf,
  securityRules,
} from "../../../../lib/web/pages/security_view.ts";

const read = (text: string) => readSecurityForm(new URLSearchParams(text));

const FORMS = [
  { name: "no role at all", text: "version=0", want: { ok: true, value: { roles: [], version: 0 } } },
  {
    name: "roles that are ticked, the one who may least first",
    text: "role-administrator=on&role-viewer=on&version=7",
    want: { ok: true, value: { roles: ["viewer", "administrator"], version: 7 } },
  },
  {
    name: "a role that is ticked otherwise",
    text: "role-viewer=1&version=7",
    want: { ok: false, error: { "role-viewer": "Expected a tick" } },
  },
  {
    name: "a role there is not",
    text: "role-owner=on&version=7",
    want: { ok: false, error: { "": 'Unknown field "role-owner"' } },
  },
  {
    name: "a role sent twice",
    text: "role-viewer=on&role-viewer=on&version=7",
    want: { ok: false, error: { "role-viewer": "Sent more than once" } },
  },
  { name: "no version", text: "", want: { ok: false, error: { version: "Is missing" } } },
  { name: "a version below 0", text: "version=-1", want: { ok: false, error: { version: "Is missing" } } },
] as const;

for (const { name, text, want } of FORMS) {
  Deno.test(`readSecurityForm() reads ${name}`, () => deepStrictEqual(read(text), want));
}

Deno.test("ownRoleFault() lets nobody lock themselves out, and everybody ask it of others", () => {
  const none = { role: "administrator", secondFactor: false, passkeys: 0 } as const;
  deepStrictEqual(ownRoleFault(none, ["administrator"]), { "role-administrator": OWN_FIRST });
  strictEqual(ownRoleFault(none, ["viewer", "technician", "operator"]), null);
  strictEqual(ownRoleFault({ ...none, secondFactor: true }, ["administrator"]), null);
  strictEqual(ownRoleFault({ ...none, passkeys: 1 }, ["administrator"]), null);
});

Deno.test("savedCountOf() believes no address that counts nobody", () => {
  for (const text of ["", "saved", "saved=", "saved=x", "saved=-1", "saved=1e3", "saved=99999999"]) {
    strictEqual(savedCountOf(new URLSearchParams(text)), null, text);
  }
  strictEqual(savedCountOf(new URLSearchParams("saved=0")), 0);
  strictEqual(savedCountOf(new URLSearchParams("saved=12")), 12);
});

Deno.test("roleFactorRow() leads to the people who have none", () => {
  const lacking = [{ id: 7, name: "Bo" }];
  deepStrictEqual(roleFactorRow({ role: "technician", have: 2, lack: 1, lacking }), {
    role: "technician",
    field: "role-technician",
    label: "Technician",
    have: 2,
    lack: 1,
    lacking: [{ name: "Bo", href: "/admin/people/7" }],
  });
});

Deno.test("securityRules() names keys and never shows one", () => {
  const valueOf = (label: string, rules = securityRules({ keyId: "k1", checkpoint: null })) =>
    rules.find((rule) => rule.label === label)?.value;
  strictEqual(valueOf("Session, unused"), "ends after 12 h");
  strictEqual(valueOf("Session, at the latest"), "ends after 14 d");
  strictEqual(valueOf("Sign-in, by account"), "10 tries in 10 min");
  strictEqual(valueOf("Key that seals secrets"), "k1");
  match(valueOf("New password") ?? "", /^12 to \d+ characters/);
  strictEqual(valueOf("Newest checkpoint"), "none yet");
  const checkpoint = { seq: 1_204, atMs: Date.UTC(2026, 10, 23, 10, 47), keyId: "c1" };
  strictEqual(
    valueOf("Newest checkpoint", securityRules({ keyId: "k1", checkpoint })),
    "audit entry 1,204, Mon 23 Nov 2026, 10:47 UTC",
  );
});
