/**
 * The pages of one's own account: as it stands, with nothing yet, with what was wrong or done, and the pages of one
 * form around it.
 *
 * @module
 */

import {
  ConfirmPage,
  EmailPage,
  type EmailPageProps,
  PasswordPage,
  type PasswordPageProps,
} from "../../lib/ui/pages/AccountForms.tsx";
import { AccountPage, type AccountPageProps } from "../../lib/ui/pages/AccountPage.tsx";
import type { PasskeyRow } from "../../lib/ui/pages/AccountPasskeys.tsx";
import type { SessionRow } from "../../lib/ui/pages/AccountSessions.tsx";
import { framed, type Specimen } from "./frame.tsx";

const EMAIL = "priya.nair@northfold.example";

const HERE: SessionRow = {
  id: "A",
  current: true,
  browser: "Firefox 140 on Windows",
  address: "198.51.100.24",
  since: "23 Nov 2026, 07:58 GMT",
  seen: "just now",
  by: "Password and second factor",
};

const SESSIONS: readonly SessionRow[] = [
  HERE,
  {
    id: "B",
    current: false,
    browser: "Safari 18 on iPhone",
    address: "2001:db8:85a3::8a2e:370:7334",
    since: "20 Nov 2026, 17:12 GMT",
    seen: "3 h 40 min ago",
    by: "Passkey",
  },
  {
    id: "C",
    current: false,
    browser: "An unknown browser",
    address: "203.0.113.77",
    since: "11 Nov 2026, 08:03 GMT",
    seen: "9 h ago",
    by: "Password",
  },
];

const PASSKEYS: readonly PasskeyRow[] = [
  { id: "a", name: "Phone", backedUp: true, added: "2 Sep 2026", lastUsed: "20 Nov 2026, 17:12 GMT" },
  { id: "b", name: "Grey security key in the drawer", backedUp: false, added: "2 Sep 2026", lastUsed: null },
];

const ACCOUNT: AccountPageProps = {
  name: "Priya Nair",
  nameMax: 80,
  email: EMAIL,
  newEmail: null,
  role: "Administrator",
  reach: "All sites",
  passwordSet: "2 Sep 2026",
  secondFactor: { codes: true, codesLeft: 8, required: true },
  passkeys: PASSKEYS,
  noPasskeys: null,
  sessions: SESSIONS,
  signInBefore: "20 Nov 2026, 17:12 GMT",
  tokens: true,
  done: null,
  csrf: "token",
};

const FIRST: AccountPageProps = {
  ...ACCOUNT,
  role: "Technician",
  newEmail: "priya@northfold.example",
  reach: "Group North, group Cold stores, site Bolton Trading Estate, site Mill Lane and 12 more sites",
  passwordSet: null,
  secondFactor: { codes: false, codesLeft: 0, required: true },
  passkeys: [],
  noPasskeys: "Passkeys need a host name. This Wattpost is reached by an IP address.",
  sessions: [HERE],
  signInBefore: null,
  tokens: false,
};

const FAULTY: AccountPageProps = {
  ...ACCOUNT,
  name: "",
  nameFault: "Is missing",
  secondFactor: { codes: false, codesLeft: 0, required: false },
  passkeys: [],
};

const PASSWORD: PasswordPageProps = { email: EMAIL, minLength: 12, faults: {}, waitS: null };

const ADDRESS: EmailPageProps = { email: EMAIL, typed: "", fault: null, open: null, canSend: true };

const UNDER_WAY = {
  newEmail: "priya@northfold.example",
  waitsFor: [EMAIL, "priya@northfold.example"],
  until: "24 Nov 2026, 10:47 GMT",
};

/** Stands for what adds a passkey, which needs a script. */
const ADD = <p class="muted">Adding a passkey needs JavaScript.</p>;

/** The account itself. */
function accounts(): readonly Specimen[] {
  const done = "You are signed out everywhere else";
  const props = { "account": ACCOUNT, "account-first": FIRST, "account-faulty": FAULTY };
  return [
    ...Object.entries(props).map(([name, one]) => ({
      name,
      title: "Account",
      body: framed("none", <AccountPage {...one} addPasskey={ADD} />),
    })),
    {
      name: "account-done",
      title: "Account",
      body: framed("none", <AccountPage {...ACCOUNT} addPasskey={ADD} sessions={[HERE]} done={done} />),
    },
  ];
}

/** The pages of one form. */
function forms(): readonly Specimen[] {
  const wrong = { kind: "wrong", words: "Is not your password" } as const;
  const late = { kind: "throttled", waitS: 412 } as const;
  const faults = { old: "Is not your password", password: "Needs at least 12 characters" };
  const typed = {
    typed: "priya@northfold",
    fault: { kind: "wrong", words: "Is the address you have" },
  } as const;
  const bodies = {
    "confirm": <ConfirmPage email={EMAIL} back="/account/email" fault={null} />,
    "confirm-wrong": <ConfirmPage email={EMAIL} back="/account/email" fault={wrong} />,
    "confirm-late": <ConfirmPage email={EMAIL} back="/account/email" fault={late} />,
    "password": <PasswordPage {...PASSWORD} />,
    "password-faulty": <PasswordPage {...PASSWORD} faults={faults} />,
    "password-late": <PasswordPage {...PASSWORD} waitS={412} />,
    "email": <EmailPage {...ADDRESS} />,
    "email-under-way": <EmailPage {...ADDRESS} open={UNDER_WAY} />,
    "email-faulty": <EmailPage {...ADDRESS} {...typed} />,
    "email-unsent": <EmailPage {...ADDRESS} canSend={false} />,
  };
  return Object.entries(bodies).map(([name, body]) => ({
    name: `account-${name}`,
    title: "Account",
    body: framed("none", body),
  }));
}

/** All of them. */
export function accountSpecimens(): readonly Specimen[] {
  return [...accounts(), ...forms()];
}
