/**
 * The second factor of one's own account: set up with a picture, confirmed by a code, taken away again; recovery codes
 * are shown once.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { Facts } from "../Data.tsx";
import { countText } from "../format.ts";
import { Button, Csrf, Field, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { PageHead, Panel, Split } from "../Page.tsx";

const PATH = "/account/second-factor";

const CRUMBS = [{ label: "Account", href: "/account" }, { label: "Second factor" }];

/** What the page needs, by how far things are. */
export type SecondFactorPageProps =
  /** There is none. */
  | { readonly kind: "none"; readonly required: boolean; readonly csrf?: string | undefined }
  /** It is being set up. */
  | {
    readonly kind: "setting-up";
    /** The picture to scan. */
    readonly picture: ComponentChildren;
    /** What an app is given where it cannot scan, in groups of four. */
    readonly secret: string;
    /** Why the code was not taken; absent: none was typed yet. */
    readonly fault?: string | undefined;
    readonly csrf?: string | undefined;
  }
  /** There is one. */
  | {
    readonly kind: "set";
    /** Since when, in words; `null`: not known. */
    readonly since: string | null;
    /** Recovery codes that are left. */
    readonly codesLeft: number;
    /** Whether the person's role must have one: then it cannot be taken away. */
    readonly required: boolean;
    readonly csrf?: string | undefined;
  }
  /** New recovery codes, shown this once. */
  | { readonly kind: "codes"; readonly codes: readonly string[] };

/** The page. */
export function SecondFactorPage(props: SecondFactorPageProps): JSX.Element {
  switch (props.kind) {
    case "none":
      return <None {...props} />;
    case "setting-up":
      return <SettingUp {...props} />;
    case "set":
      return <Set {...props} />;
    case "codes":
      return <Codes {...props} />;
  }
}

function None({ required, csrf }: Extract<SecondFactorPageProps, { kind: "none" }>): JSX.Element {
  return (
    <>
      <PageHead
        title="Second factor"
        crumbs={CRUMBS}
        summary="A code from an app on your phone, asked for after your password. Whoever learns your password alone stays outside."
      />
      <Panel>
        {required && <Notice state="warn" title="Your role needs one">Set it up now.</Notice>}
        <p>
          You need an app that makes codes, such as the one that keeps your passwords. Then scan a picture and
          type the first code.
        </p>
        <Doing doing="begin" kind="primary" csrf={csrf}>Set up</Doing>
      </Panel>
    </>
  );
}

function SettingUp(props: Extract<SecondFactorPageProps, { kind: "setting-up" }>): JSX.Element {
  const { picture, secret, fault, csrf } = props;
  return (
    <>
      <PageHead
        title="Set up a second factor"
        crumbs={CRUMBS}
        summary="Scan the picture with your app, then type the code that it shows."
      />
      <Panel>
        <Split cut="1-1">
          <div class="column">
            {picture}
            <Facts
              facts={[{ label: "Or type this into the app", value: <code class="words">{secret}</code> }]}
            />
          </div>
          <form class="form" method="post" action={PATH}>
            <Csrf token={csrf} />
            <input type="hidden" name="do" value="confirm" />
            <Field
              name="code"
              label="Code"
              autocomplete="one-time-code"
              hint="Six digits; a new one comes every 30 seconds."
              fault={fault}
              maxLength={10}
              required
              focused
            />
            <div class="actions">
              <Button kind="primary">Confirm</Button>
              <LinkButton href="/account" kind="quiet">Cancel</LinkButton>
            </div>
          </form>
        </Split>
      </Panel>
    </>
  );
}

function Set(
  { since, codesLeft, required, csrf }: Extract<SecondFactorPageProps, { kind: "set" }>,
): JSX.Element {
  return (
    <>
      <PageHead
        title="Second factor"
        crumbs={CRUMBS}
        summary={since === null
          ? "After your password you are asked for a code of your app."
          : `Since ${since} you are asked for a code of your app after your password.`}
      />
      <Split cut="1-1">
        <Panel title="Recovery codes" id="codes">
          {codesLeft <= 2 && (
            <Notice state="warn" title={codesLeft === 0 ? "None is left" : "Few are left"}>
              Make new ones before you lose your phone.
            </Notice>
          )}
          <p>
            {countText(codesLeft, "code")}{" "}
            left. Each lets you in once when your app is not at hand. New ones end those of before.
          </p>
          <Doing doing="new-codes" csrf={csrf}>Make new codes</Doing>
        </Panel>
        <Panel title="Another app, or none" id="remove">
          {required
            ? (
              <p>
                Your role needs a second factor: it cannot be removed, but another app can take its place.
              </p>
            )
            : <p>Without it your password alone lets anybody in who knows it.</p>}
          <div class="actions">
            <Doing doing="begin" csrf={csrf}>Set up another app</Doing>
            {!required && <Doing doing="remove" kind="danger" csrf={csrf}>Remove</Doing>}
          </div>
        </Panel>
      </Split>
    </>
  );
}

function Codes({ codes }: Extract<SecondFactorPageProps, { kind: "codes" }>): JSX.Element {
  return (
    <>
      <PageHead
        title="Your recovery codes"
        crumbs={CRUMBS}
        actions={<LinkButton href="/account" kind="primary">I have kept them</LinkButton>}
      />
      <Panel>
        <Notice state="warn" title="Shown this once">
          Print them or write them down. Each lets you in once when your app is not at hand.
        </Notice>
        <ol class="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
      </Panel>
    </>
  );
}

interface DoingProps {
  readonly doing: string;
  readonly kind?: "primary" | "danger" | undefined;
  readonly children: ComponentChildren;
  readonly csrf?: string | undefined;
}

function Doing({ doing, kind, children, csrf }: DoingProps): JSX.Element {
  return (
    <form method="post" action={PATH}>
      <Csrf token={csrf} />
      <Button name="do" value={doing} kind={kind}>{children}</Button>
    </form>
  );
}
