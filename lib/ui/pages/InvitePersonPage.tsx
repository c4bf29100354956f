/**
 * Inviting somebody, and the link for handing over where no message carried it.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../AlonePage.tsx";
import { Button, Field, LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { PageHead, Panel, Part } from "../Page.tsx";
import { PersonFields } from "../PersonFields.tsx";
import type { ReachChoice } from "../ReachFields.tsx";

/** What the form needs. */
export interface InvitePersonPageProps {
  /** What was typed. */
  readonly values: { readonly email: string; readonly name: string; readonly role: string };
  /** Which sites they will reach. */
  readonly reach: ReachChoice;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** Whether a mail server is set, so that the link is sent. */
  readonly sends: boolean;
}

const PEOPLE = { label: "People", href: "/admin/people" };

/** The form. */
export function InvitePersonPage({ values, reach, faults, sends }: InvitePersonPageProps): JSX.Element {
  const { "": other, ...beside } = faults;
  return (
    <>
      <PageHead
        title="Invite somebody"
        crumbs={[PEOPLE, { label: "Invite" }]}
        summary={sends
          ? "They get a link by e-mail that works once, for seven days, and choose their own password."
          : "You get a link to hand over that works once, for seven days; behind it they choose their own password."}
      />
      {!sends && (
        <Notice
          state="info"
          title="No mail server is set up"
          actions={<LinkButton href="/admin/mail" row>Set one up</LinkButton>}
        >
          The link is shown to you once instead.
        </Notice>
      )}
      <Panel>
        <form class="form" method="post" action="/admin/people/invite">
          <FaultsNotice faults={beside} other={other} />
          <Field
            name="email"
            label="E-mail"
            type="email"
            autocomplete="off"
            value={values.email}
            fault={faults["email"]}
            maxLength={190}
            span={6}
          />
          <PersonFields values={values} reach={reach} faults={faults} />
          <div class="actions">
            <Button kind="primary" name="do" value="save">
              {sends ? "Send invitation" : "Make the link"}
            </Button>
            <LinkButton href="/admin/people" kind="quiet">Cancel</LinkButton>
          </div>
        </form>
      </Panel>
    </>
  );
}

/** What the page of a link needs. */
export interface InvitationLinkPageProps {
  /** Whose. */
  readonly name: string;
  /** Their page. */
  readonly href: string;
  /** The link, shown this once. */
  readonly link: string;
  /** Until when it works, in words. */
  readonly untilLabel: string;
  /** Why no message carried it: no mail server is set (`null`), or its words. */
  readonly trouble: string | null;
}

/** The one time that a link is shown. */
export function InvitationLinkPage(props: InvitationLinkPageProps): JSX.Element {
  const { name, href, link, untilLabel, trouble } = props;
  return (
    <>
      <PageHead
        title="Hand over the link"
        crumbs={[PEOPLE, { label: name, href }, { label: "Link" }]}
        actions={<LinkButton href={href} kind="primary">I have handed it over</LinkButton>}
      />
      {trouble !== null && (
        <Notice
          state="critical"
          title="The message was not taken"
          live="assertive"
          actions={<LinkButton href="/admin/mail" row>Look at the mail server</LinkButton>}
        >
          {trouble}.
        </Notice>
      )}
      <Notice state="warn" title="Shown this once">
        Copy it now and give it to nobody else: whoever has it chooses the password. A lost link is replaced.
      </Notice>
      <Panel>
        <Part title={name} beside={`works until ${untilLabel}, once`}>
          <p>
            <label class="unseen" for="link">Link</label>
            <input class="input" id="link" readonly value={link} autocomplete="off" spellcheck={false} />
          </p>
        </Part>
      </Panel>
    </>
  );
}
