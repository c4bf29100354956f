/**
 * The second factor of one's own account: set up with a picture, confirmed by a code, taken away again; recovery codes
 * are shown once.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { countText } from "../format.ts";
import { Button, Csrf, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Split } from "../Page.tsx";
import { FirstCode, RecoveryCodes, SeedPicture, type SeedProps } from "../SecondFactor.tsx";

const PATH = "/account/second-factor";

const CRUMBS = [{ label: "Account", href: "/account" }, { label: "Second factor" }];

/** What the page needs, by how far things are. */
export type SecondFactorPageProps =
  /** There is none. */
  | { readonly kind: "none"; readonly required: boolean; readonly csrf?: string | undefined }
  /** It is being set up. */
  | ({
    readonly kind: "setting-up";
    /** Why the code was not taken; absent: none was typed yet. */
    readonly fault?: string | undefined;
    readonly csrf?: string | undefined;
  } & SeedProps)
  /** There is one. */
  | {
    readonly kind: "set";
    /** Recovery codes that are left. */
    readonly codesLeft: number;
    /** Whether the person's role must have one and this is the last: then it cannot be taken away. */
    readonly required: boolean;
    /** What keeps it from being removed; absent: nothing was tried. */
    readonly fault?: string | undefined;
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
        <Column>
          {required && <Notice state="warn" title="Your role needs one">Set it up now.</Notice>}
          <p>
            You need an app that makes codes, such as the one that keeps your passwords. Then scan a picture
            and type the first code.
          </p>
          <Doing doing="begin" kind="primary" csrf={csrf}>Set up</Doing>
        </Column>
      </Panel>
    </>
  );
}

function SettingUp(props: Extract<SecondFactorPageProps, { kind: "setting-up" }>): JSX.Element {
  const { address, seed, fault, csrf } = props;
  return (
    <>
      <PageHead
        title="Set up a second factor"
        crumbs={CRUMBS}
        summary="Scan the picture with your app, then type the code that it shows. Everywhere else you are signed out."
      />
      <Panel>
        <Split cut="1-1">
          <SeedPicture address={address} seed={seed} />
          <FirstCode action={PATH} fault={fault} csrf={csrf}>
            <Button kind="primary" name="do" value="confirm">Confirm</Button>
            <Button kind="quiet" name="do" value="cancel" unchecked>Cancel</Button>
          </FirstCode>
        </Split>
      </Panel>
    </>
  );
}

function Set(
  { codesLeft, required, fault, csrf }: Extract<SecondFactorPageProps, { kind: "set" }>,
): JSX.Element {
  return (
    <>
      <PageHead
        title="Second factor"
        crumbs={CRUMBS}
        summary="After your password you are asked for a code of your app."
      />
      {fault !== undefined && (
        <Notice state="critical" title={fault} live="assertive">Nothing was changed.</Notice>
      )}
      <Split cut="1-1">
        <Panel title="Recovery codes" id="codes">
          <Column>
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
          </Column>
        </Panel>
        <Panel title="Another app, or none" id="remove">
          <Column>
            {required
              ? (
                <p>
                  Your role needs a second factor, and you have no passkey: it cannot be removed, but another
                  app can take its place.
                </p>
              )
              : <p>Without it your password alone lets anybody in who knows it.</p>}
            <div class="actions">
              <Doing doing="begin" csrf={csrf}>Set up another app</Doing>
              {!required && <Doing doing="remove" kind="danger" csrf={csrf}>Remove</Doing>}
            </div>
          </Column>
        </Panel>
      </Split>
    </>
  );
}

function Codes({ codes }: Extract<SecondFactorPageProps, { kind: "codes" }>): JSX.Element {
  return (
    <>
      <PageHead title="Your recovery codes" crumbs={CRUMBS} />
      <Panel>
        <Column>
          <RecoveryCodes codes={codes}>
            <LinkButton href="/account" kind="primary">I have kept them</LinkButton>
          </RecoveryCodes>
        </Column>
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
