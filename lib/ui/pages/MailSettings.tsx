/**
 * Through whom messages leave: the mail server and the account for short messages, each with a form and a test. What
 * opens them is never shown again.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { Button, Field, Tick } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, Panel, Part } from "../Page.tsx";
import { StateWord } from "../Words.tsx";

/** What was typed or is stored, by the name of the field. */
export type Typed = Readonly<Record<string, string>>;

/** A message for each field that is wrong. */
export type Faults = Readonly<Record<string, string>>;

/** One of the two forms. */
export interface SenderForm {
  /** What was typed or is stored. */
  readonly values: Typed;
  /** What was wrong. */
  readonly faults: Faults;
  /** Counts changes: whoever saves over another's change is told. */
  readonly version: number;
  /** Whether it is complete, so that something can be sent. */
  readonly ready: boolean;
  /** When its secret was set, in words; `null`: none is. */
  readonly secretSetLabel: string | null;
  /** File on the host that gives its secret, whatever is set here; `null`: none. */
  readonly secretFile: string | null;
}

/** What came of a press of a button. */
export interface SenderResult {
  /** Which form it belongs to. */
  readonly form: "mail" | "sms";
  /** How it went. */
  readonly state: "good" | "critical" | "warn";
  /** What happened. */
  readonly title: string;
  /** More about it; empty: nothing. */
  readonly words: string;
}

/** What the page needs. */
export interface MailSettingsProps {
  /** The mail server. */
  readonly mail: SenderForm;
  /** The account for short messages. */
  readonly sms: SenderForm;
  /** Where a test message goes: the address of who looks. */
  readonly testTo: string;
  /** What came of the last press; `null`: nothing was pressed. */
  readonly result: SenderResult | null;
}

const ACTION = "/admin/mail";

const SECURITIES = [
  { value: "tls", label: "TLS (usually port 465)" },
  { value: "starttls", label: "STARTTLS, never without (usually 587)" },
  { value: "none", label: "None: only for a relay in your own network" },
];

/** Both forms with their tests. */
export function MailSettings({ mail, sms, testTo, result }: MailSettingsProps): JSX.Element {
  return (
    <Column>
      <Panel
        title="E-mail"
        id="mail"
        beside={<Readiness ready={mail.ready} />}
        summary="Invitations, forgotten passwords and notices leave through this mail server."
      >
        <Column>
          <Outcome form="mail" result={result} />
          <MailForm {...mail} />
          {mail.ready && (
            <Part title="Try it">
              <p class="muted">
                {`Sends a message to ${testTo} and waits for the server's word, 15 s at most.`}
              </p>
              <form method="post" action={ACTION}>
                <input type="hidden" name="form" value="mail-test" />
                <div class="actions">
                  <Button icon="mail">Send a test message to me</Button>
                </div>
              </form>
            </Part>
          )}
        </Column>
      </Panel>
      <Panel
        title="Short messages"
        id="sms"
        beside={<Readiness ready={sms.ready} />}
        summary="Sent through an account of yours at Twilio."
      >
        <Column>
          <Outcome form="sms" result={result} />
          <SmsForm {...sms} />
          {sms.ready && (
            <Part title="Try it">
              <form method="post" action={ACTION} class="form">
                <input type="hidden" name="form" value="sms-test" />
                <Field
                  name="testTo"
                  label="Telephone number"
                  value={sms.values.testTo}
                  fault={sms.faults.testTo}
                  hint="With plus and country, such as +441632960001"
                  maxLength={20}
                  span={6}
                  required
                />
                <div class="actions">
                  <Button>Send a test message</Button>
                </div>
              </form>
            </Part>
          )}
        </Column>
      </Panel>
    </Column>
  );
}

function Readiness({ ready }: { readonly ready: boolean }): JSX.Element {
  return ready
    ? <StateWord state="good">Set up</StateWord>
    : <StateWord state="missing">Not set up</StateWord>;
}

function Outcome(
  { form, result }: { readonly form: "mail" | "sms"; readonly result: SenderResult | null },
): JSX.Element | null {
  if (result?.form !== form) return null;
  return (
    <Notice state={result.state} title={result.title} live={result.state === "good" ? "polite" : "assertive"}>
      {result.words}
    </Notice>
  );
}

function MailForm(
  { values, faults, version, secretSetLabel, secretFile }: SenderForm,
): JSX.Element {
  const field = fieldOf(values, faults);
  return (
    <form method="post" action={ACTION} class="form">
      <input type="hidden" name="form" value="mail" />
      <input type="hidden" name="version" value={String(version)} />
      <FaultsNotice faults={{ ...faults, "": undefined }} other={faults[""]} />
      <Field {...field("host")} label="Server" hint="Name or address" maxLength={253} span={6} required />
      <Field {...field("port")} label="Port" type="number" span={3} required />
      <div class="field" data-span={12}>
        <Tick name="onThisMachine" checked={values.onThisMachine === "on"}>
          {"The mail server runs on this machine: then port 25, 465, 587 or 2525"}
        </Tick>
      </div>
      <Field {...field("security")} label="Security" options={SECURITIES} span={12} />
      <Field
        {...field("user")}
        label="User"
        hint="Empty: the server asks for none"
        maxLength={200}
        span={6}
      />
      <SecretField
        name="password"
        label="Password"
        fault={faults.password}
        setLabel={secretSetLabel}
        file={secretFile}
      />
      <Field {...field("from")} label="From address" type="email" maxLength={190} span={6} required />
      <Field {...field("fromName")} label="From name" maxLength={80} span={6} />
      <Buttons kind="primary" secretSet={secretSetLabel !== null}>Save the mail server</Buttons>
    </form>
  );
}

function SmsForm(
  { values, faults, version, secretSetLabel, secretFile }: SenderForm,
): JSX.Element {
  const field = fieldOf(values, faults);
  return (
    <form method="post" action={ACTION} class="form">
      <input type="hidden" name="form" value="sms" />
      <input type="hidden" name="version" value={String(version)} />
      <FaultsNotice faults={{ ...faults, "": undefined, testTo: undefined }} other={faults[""]} />
      <Field
        {...field("accountSid")}
        label="Account SID"
        hint="Begins with AC"
        maxLength={34}
        span={6}
        required
      />
      <Field
        {...field("keySid")}
        label="API key SID"
        hint="Begins with SK"
        maxLength={34}
        span={6}
        required
      />
      <SecretField
        name="secret"
        label="API key secret"
        fault={faults.secret}
        setLabel={secretSetLabel}
        file={secretFile}
      />
      <Field
        {...field("smsFrom")}
        label="Sender"
        hint="A number such as +441632960000, a name, or a messaging service (MG…)"
        maxLength={34}
        span={6}
        required
      />
      <Buttons kind="plain" secretSet={secretSetLabel !== null}>Save the account</Buttons>
    </form>
  );
}

function fieldOf(values: Typed, faults: Faults) {
  return (name: string) => ({ name, value: values[name] ?? "", fault: faults[name], autocomplete: "off" });
}

function SecretField(
  { name, label, fault, setLabel, file }: {
    readonly name: string;
    readonly label: string;
    readonly fault: string | undefined;
    readonly setLabel: string | null;
    readonly file: string | null;
  },
): JSX.Element {
  const kept = setLabel === null ? "Kept sealed, never shown again" : `Set on ${setLabel}. Empty: it stays`;
  return (
    <Field
      name={name}
      label={label}
      type="password"
      autocomplete="new-password"
      fault={fault}
      disabled={file !== null && fault === undefined}
      hint={file === null
        ? kept
        : `Comes from the file ${file} on the host; whoever runs the host changes it there`}
      maxLength={200}
      span={6}
    />
  );
}

function Buttons(
  { kind, secretSet, children }: {
    readonly kind: "primary" | "plain";
    readonly secretSet: boolean;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <div class="actions">
      <Button kind={kind}>{children}</Button>
      {secretSet && <Tick name="removeSecret">Remove what is kept secret</Tick>}
    </div>
  );
}
