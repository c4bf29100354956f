/**
 * The pages behind links that are sent by e-mail, and the settings by which messages leave.
 *
 * @module
 */

import { ConfirmEmailPage } from "../../lib/ui/pages/ConfirmEmailPage.tsx";
import { ForgotPage } from "../../lib/ui/pages/ForgotPage.tsx";
import { InvitePage } from "../../lib/ui/pages/InvitePage.tsx";
import { MailSettings, type SenderForm } from "../../lib/ui/pages/MailSettings.tsx";
import { ResetPage } from "../../lib/ui/pages/ResetPage.tsx";
import { SignInPage } from "../../lib/ui/pages/SignInPage.tsx";
import { PageHead } from "../../lib/ui/Page.tsx";
import { framed, type Specimen } from "./frame.tsx";

const TOKEN = "token";
const ADA = "ada.lovelace@northfold.example";
const PRIYA = "priya.nair@northfold.example";

const invite = {
  kind: "form",
  token: TOKEN,
  email: ADA,
  name: "Ada Lovelace",
  faults: {},
  passwordMinLength: 12,
} as const;

const EMPTY: SenderForm = {
  values: { port: "587" },
  faults: {},
  version: 0,
  ready: false,
  secretSetLabel: null,
  secretFile: null,
};

const MAIL: SenderForm = {
  values: {
    host: "mail.northfold.example",
    port: "587",
    security: "starttls",
    user: "wattpost",
    from: "wattpost@northfold.example",
    fromName: "Wattpost",
  },
  faults: {},
  version: 3,
  ready: true,
  secretSetLabel: "Wed 2 Dec 2026, 10:05 UTC",
  secretFile: null,
};

const SMS: SenderForm = {
  values: { accountSid: `AC${"0".repeat(32)}`, keySid: `SK${"1".repeat(32)}`, smsFrom: "+441632960000" },
  faults: {},
  version: 1,
  ready: true,
  secretSetLabel: "Wed 2 Dec 2026, 10:07 UTC",
  secretFile: null,
};

const STAYS =
  "Stays as it is, and so do port and security, while the file smtp_password on the host gives the password: who runs the host takes that file away first";

/** All of them. */
export function mailSpecimens(): readonly Specimen[] {
  return [
    { name: "invite", title: "Welcome", body: <InvitePage {...invite} secondFactor={false} /> },
    {
      name: "invite-faults",
      title: "Welcome",
      body: (
        <InvitePage
          {...invite}
          name=""
          secondFactor
          faults={{ name: "Is missing", password: "Is among the commonest passwords" }}
        />
      ),
    },
    { name: "invite-spent", title: "Welcome", body: <InvitePage kind="spent" /> },
    {
      name: "sign-in-forgot",
      title: "Sign in",
      body: (
        <SignInPage
          email=""
          fault={null}
          back="/"
          keepDays={null}
          keep={false}
          organisation=""
          forgotHref="/forgot"
        />
      ),
    },
    {
      name: "forgot",
      title: "Forgot",
      body: <ForgotPage kind="ask" email="" fault={null} emailMaxLength={190} />,
    },
    { name: "forgot-asked", title: "Forgot", body: <ForgotPage kind="asked" linkS={3600} /> },
    { name: "forgot-throttled", title: "Forgot", body: <ForgotPage kind="throttled" waitS={430} /> },
    { name: "forgot-not-set-up", title: "Forgot", body: <ForgotPage kind="not-set-up" /> },
    {
      name: "reset",
      title: "New password",
      body: <ResetPage kind="form" token={TOKEN} email={ADA} passwordMinLength={12} />,
    },
    { name: "reset-done", title: "New password", body: <ResetPage kind="done" /> },
    { name: "reset-spent", title: "New password", body: <ResetPage kind="spent" /> },
    {
      name: "confirm-email",
      title: "Address",
      body: <ConfirmEmailPage kind="ask" token={TOKEN} side="old" oldEmail={PRIYA} newEmail={ADA} />,
    },
    {
      name: "confirm-email-new",
      title: "Address",
      body: <ConfirmEmailPage kind="ask" token={TOKEN} side="new" oldEmail={PRIYA} newEmail={ADA} />,
    },
    { name: "confirm-email-half", title: "Address", body: <ConfirmEmailPage kind="half" waitsFor={ADA} /> },
    {
      name: "confirm-email-changed",
      title: "Address",
      body: <ConfirmEmailPage kind="changed" newEmail={ADA} />,
    },
    {
      name: "confirm-email-stopped",
      title: "Address",
      body: <ConfirmEmailPage kind="stopped" oldEmail={ADA} />,
    },
    {
      name: "mail-settings-empty",
      title: "Mail",
      body: framed("none", <MailSettings mail={EMPTY} sms={EMPTY} testTo={PRIYA} result={null} />),
    },
    {
      name: "mail-settings-filed",
      title: "Mail",
      body: framed(
        "none",
        <MailSettings
          mail={{ ...MAIL, secretSetLabel: null, secretFile: "smtp_password", faults: { host: STAYS } }}
          sms={{ ...EMPTY, secretFile: "twilio_secret" }}
          testTo={PRIYA}
          result={null}
        />,
      ),
    },
    {
      name: "mail-settings",
      title: "Mail",
      body: framed(
        "none",
        <>
          <PageHead title="Mail" summary="Through whom messages leave." />
          <MailSettings
            mail={MAIL}
            sms={{ ...SMS, faults: { keySid: "Needs SK and 32 digits or letters a to f" } }}
            testTo={PRIYA}
            result={{
              form: "mail",
              state: "critical",
              title: "The test message was not taken",
              words: "mail.northfold.example:587 does not accept the user name and password: 535 5.7.8 No.",
            }}
          />
        </>,
      ),
    },
  ];
}
