/**
 * The second factor: asked for on the way in, set up there and on one's own account, and the codes that are shown
 * once.
 *
 * @module
 */

import { SecondFactorPage } from "../../lib/ui/pages/AccountSecondFactor.tsx";
import { SecondStepPage } from "../../lib/ui/pages/SecondStepPage.tsx";
import { framed, type Specimen } from "./frame.tsx";

const SEED = {
  seed: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  address:
    "otpauth://totp/Wattpost%20energy.northfold.example:tomasz.wisniewski-featherstonehaugh%40contractors.northfold.example?issuer=Wattpost%20energy.northfold.example&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30",
};

const CODES = [
  "4K7Q-0M2B-XR9D-H6TV",
  "9C1N-W8PE-3G5Z-QYA4",
  "T2VJ-6B0K-DM7R-1XHS",
  "E5F9-8ZQW-C4N3-PG0Y",
  "07RA-KT6D-VH2M-9BJX",
  "QW3Y-1S8C-5NPE-4GZF",
  "M6D0-J9TB-XK7V-R2HA",
  "3PZG-Y4EW-8F1Q-CN5S",
  "BH7X-2RKM-A0T6-DV9J",
  "G8NC-S5YF-4QWP-1Z3E",
];

/** Its pages. */
export function secondFactorSpecimens(): readonly Specimen[] {
  const title = "One more step";
  const enter = { kind: "enter", codes: true, fault: null, waitS: null } as const;
  const wrong = "This code is not right, or its time is over";
  const passkey = <button class="button" data-kind="primary" type="button">Use a passkey</button>;
  return [
    { name: "second-step", title, body: <SecondStepPage {...enter} /> },
    { name: "second-step-fault", title, body: <SecondStepPage {...enter} passkey={passkey} fault={wrong} /> },
    { name: "second-step-throttled", title, body: <SecondStepPage {...enter} waitS={420} /> },
    {
      name: "second-step-passkey",
      title,
      body: <SecondStepPage {...enter} codes={false} passkey={passkey} />,
    },
    { name: "set-up-factor", title, body: <SecondStepPage kind="set-up" {...SEED} fault={null} /> },
    { name: "set-up-factor-fault", title, body: <SecondStepPage kind="set-up" {...SEED} fault={wrong} /> },
    { name: "recovery-codes", title, body: <SecondStepPage kind="codes" codes={CODES} href="/sites" /> },
    {
      name: "account-factor-none",
      title: "Second factor",
      body: framed("none", <SecondFactorPage kind="none" required />),
    },
    {
      name: "account-factor-new",
      title: "Second factor",
      body: framed("none", <SecondFactorPage kind="setting-up" {...SEED} fault={wrong} />),
    },
    {
      name: "account-factor",
      title: "Second factor",
      body: framed("none", <SecondFactorPage kind="set" codesLeft={2} required={false} />),
    },
    {
      name: "account-factor-kept",
      title: "Second factor",
      body: framed(
        "none",
        <SecondFactorPage
          kind="set"
          codesLeft={10}
          required
          fault="Your role must have a second factor, and this is your only one"
        />,
      ),
    },
    {
      name: "account-recovery-codes",
      title: "Your recovery codes",
      body: framed("none", <SecondFactorPage kind="codes" codes={CODES} />),
    },
  ];
}
