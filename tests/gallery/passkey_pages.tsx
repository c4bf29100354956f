/**
 * Passkeys: the list of an account in its states, the page of one, and what signs in by them.
 *
 * @module
 */

import type { VNode } from "preact";
import { Button, Field } from "../../lib/ui/Input.tsx";
import { Notice } from "../../lib/ui/Over.tsx";
import { PageHead } from "../../lib/ui/Page.tsx";
import { PasskeyPage, type PasskeyRow, PasskeysPanel } from "../../lib/ui/pages/AccountPasskeys.tsx";
import { SecondStepPage } from "../../lib/ui/pages/SecondStepPage.tsx";
import { SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { framed, type Specimen } from "./frame.tsx";

const PHONE: PasskeyRow = {
  id: "A".repeat(43),
  name: "Work phone",
  backedUp: true,
  added: "23 Nov 2026",
  lastUsed: "27 Nov 2026, 09:12",
};

const KEY: PasskeyRow = {
  id: "B".repeat(43),
  name: "Security key on the ring with the plant room's, second drawer of the desk in the office",
  backedUp: false,
  added: "1 Nov 2026",
  lastUsed: null,
};

const PAGE = { passkey: PHONE, name: PHONE.name, nameMax: 80, fault: null, last: false } as const;

const SIGN_IN = { email: "", fault: null, back: "/", keepDays: null, keep: false, organisation: "" } as const;

/** What the island draws once it runs, for what it looks like is no matter of the browser. */
function adding(trouble: string | null, busy: boolean): VNode {
  return (
    <form class="form passkey-add">
      {trouble !== null && <Notice state="critical" title={trouble} />}
      <Field
        name="passkey-name"
        label="Name of another passkey"
        hint="By which you know it again, such as the device it lies on."
        suffix={
          <button class="button" type="submit" disabled={busy} aria-busy={busy}>
            {busy ? "Follow your browser" : "Add a passkey"}
          </button>
        }
      />
    </form>
  );
}

function showing(
  words: string,
  { primary = false, trouble }: { primary?: boolean; trouble?: string } = {},
): VNode {
  return (
    <form>
      {trouble !== undefined && <Notice state="critical" title={trouble} />}
      <Button kind={primary ? "primary" : "plain"} icon="key">{words}</Button>
    </form>
  );
}

function panel(
  name: string,
  { passkeys, no = null, add }: { passkeys: readonly PasskeyRow[]; no?: string | null; add?: VNode },
): Specimen {
  const body = (
    <>
      <PageHead title="Account" />
      <PasskeysPanel passkeys={passkeys} noPasskeys={no}>{add}</PasskeysPanel>
    </>
  );
  return { name, title: "Account", body: framed("none", body) };
}

const NO_HOST = "Passkeys need a host name. This Wattpost is reached by an IP address.";

/** All of them. */
export function passkeySpecimens(): readonly Specimen[] {
  return [
    panel("passkeys", { passkeys: [PHONE, KEY], add: adding(null, false) }),
    panel("passkeys-none", {
      passkeys: [],
      add: adding("There is a passkey for your account on this device already.", false),
    }),
    panel("passkeys-ten", { passkeys: Array.from({ length: 10 }, (_, n) => ({ ...PHONE, id: `${n}` })) }),
    panel("passkeys-not-here", { passkeys: [], no: NO_HOST }),
    panel("passkeys-busy", { passkeys: [PHONE], add: adding(null, true) }),
    { name: "passkey", title: PHONE.name, body: framed("none", <PasskeyPage {...PAGE} />) },
    {
      name: "passkey-faulty",
      title: KEY.name,
      body: framed("none", <PasskeyPage {...PAGE} passkey={KEY} name="" fault="Is missing" last />),
    },
    {
      name: "sign-in-passkey",
      title: "Sign in",
      body: (
        <SignInPage
          {...SIGN_IN}
          forgotHref="/forgot"
          passkey={showing("Sign in with a passkey", {
            trouble: "This passkey was not taken. Try again, or use your password.",
          })}
        />
      ),
    },
    {
      name: "second-passkey",
      title: "One more step",
      body: (
        <SecondStepPage
          kind="enter"
          codes
          passkey={showing("Use a passkey", { primary: true })}
          fault={null}
          waitS={null}
        />
      ),
    },
  ];
}
