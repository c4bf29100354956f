/**
 * The pages of people: the list, an invitation with what was wrong, the one time that a link is shown, a person as
 * they can stand, and the question before something is done to them.
 *
 * @module
 */

import type { ComponentChildren, VNode } from "preact";
import { AdminFrame } from "../../lib/ui/pages/AdminFrame.tsx";
import { InvitationLinkPage, InvitePersonPage } from "../../lib/ui/pages/InvitePersonPage.tsx";
import { PeoplePage, type PersonRow } from "../../lib/ui/pages/PeoplePage.tsx";
import { PersonPage, type PersonPageProps, PersonQuestion } from "../../lib/ui/pages/PersonPage.tsx";
import { EVERYBODY } from "../../lib/ui/people_query.ts";
import type { ReachChoice } from "../../lib/ui/ReachFields.tsx";
import { framed, type Specimen } from "./frame.tsx";

const PAGES = [
  { label: "People", href: "/admin/people" },
  { label: "Groups", href: "/admin/groups" },
  { label: "Networks", href: "/admin/networks" },
  { label: "Messages", href: "/admin/mail" },
  { label: "Security", href: "/admin/security" },
  { label: "Bans", href: "/admin/bans" },
  { label: "Scan", href: "/admin/scan" },
  { label: "Backups", href: "/admin/backups" },
  { label: "Audit", href: "/admin/audit" },
];

/** An administration page inside its frame. */
export function administered(path: string, children: ComponentChildren): VNode {
  return framed("none", <AdminFrame pages={PAGES} path={path}>{children}</AdminFrame>);
}

const ROWS: readonly PersonRow[] = [
  {
    id: 1,
    name: "Priya Nair",
    email: "priya.nair@northfold.example",
    href: "/admin/people/1",
    roleWord: "Administrator",
    standing: "active",
    lastSignIn: "4 min ago",
    secondFactor: "codes and 2 passkeys",
    reachWords: "All sites",
  },
  {
    id: 2,
    name: "Tomasz Wiśniewski-Featherstonehaugh of the northern branch",
    email: "tomasz.wisniewski-featherstonehaugh@contractors.northfold.example",
    href: "/admin/people/2",
    roleWord: "Technician",
    standing: "invited",
    lastSignIn: null,
    secondFactor: null,
    reachWords: "2 groups and 14 sites",
  },
  {
    id: 3,
    name: "Olu Adeyemi",
    email: "olu@northfold.example",
    href: "/admin/people/3",
    roleWord: "Operator",
    standing: "locked",
    lastSignIn: "41 d ago",
    secondFactor: "codes",
    reachWords: "1 group",
  },
];

const GROUPS = [
  { id: 1, name: "North", note: "124 sites" },
  { id: 2, name: "South", note: "88 sites" },
  { id: 3, name: "Cold stores", note: "17 sites" },
];

const REACH: ReachChoice = {
  kind: "some",
  groups: GROUPS,
  groupIds: [1],
  sites: [{ id: 7, name: "Kestrel House", note: "Leeds" }],
  find: "mill",
  found: {
    sites: [
      { id: 8, name: "Mill Lane", note: "Hebden Bridge" },
      { id: 9, name: "Old Mill Business Centre and Conference Hall", note: "Sowerby Bridge" },
    ],
    total: 2,
  },
};

const NO_REACH: ReachChoice = {
  kind: "all",
  groups: GROUPS,
  groupIds: [],
  sites: [],
  find: "",
  found: null,
};

const LIST = { query: EVERYBODY, rows: ROWS, found: 3, pageSize: 25, mayChange: true, done: null };

const OLU: PersonPageProps = {
  id: 3,
  name: "Olu Adeyemi",
  standing: "active",
  own: false,
  mayChange: true,
  version: "5c0ffee5c0ffee55",
  values: { name: "Olu Adeyemi", role: "operator" },
  reach: REACH,
  faults: {},
  facts: {
    email: "olu@northfold.example",
    sinceLabel: "Mon 2 Mar 2026, 10:31 UTC",
    lastSignIn: "17 min ago",
    lastSignInLabel: "Wed 25 Nov 2026, 09:14 UTC",
    secondFactor: "codes and 1 passkey",
    hasSecondFactor: true,
    sessions: 2,
  },
  notice: null,
};

/** All of them. */
export function peopleSpecimens(): readonly Specimen[] {
  const person = (more: Partial<PersonPageProps>) =>
    administered("/admin/people/3", <PersonPage {...OLU} {...more} />);
  const invitation = {
    values: { email: "", name: "", role: "viewer" },
    reach: NO_REACH,
    faults: {},
    sends: true,
  };
  return [
    { name: "people", title: "People", body: administered("/admin/people", <PeoplePage {...LIST} />) },
    {
      name: "people-none",
      title: "People",
      body: administered(
        "/admin/people",
        <PeoplePage {...LIST} query={{ ...EVERYBODY, q: "nobdy", role: "viewer" }} rows={[]} found={0} />,
      ),
    },
    {
      name: "person-invite",
      title: "Invite somebody",
      body: administered("/admin/people/invite", <InvitePersonPage {...invitation} />),
    },
    {
      name: "person-invite-faulty",
      title: "Invite somebody",
      body: administered(
        "/admin/people/invite",
        <InvitePersonPage
          {...invitation}
          values={{ email: "tomasz", name: "", role: "technician" }}
          reach={{ ...REACH, kind: "all" }}
          faults={{
            email: '"tomasz" is no e-mail address, expected name@example.org',
            name: "Is missing",
            reach: "Groups or sites are ticked: untick them, or choose only those",
          }}
          sends={false}
        />,
      ),
    },
    {
      name: "person-link",
      title: "Hand over the link",
      body: administered(
        "/admin/people/invite",
        <InvitationLinkPage
          name="Tomasz Wiśniewski"
          href="/admin/people/2"
          link={`https://wattpost.example.org/invite?token=${"Ab9-".repeat(21)}x`}
          untilLabel="Wed 2 Dec 2026, 10:31 UTC"
          trouble="The mail server refused the recipient: 550 5.1.1 No such user"
        />,
      ),
    },
    {
      name: "person",
      title: "Olu Adeyemi",
      body: person({ notice: { state: "good", title: "Unlocked", words: "Olu Adeyemi can come in again." } }),
    },
    {
      name: "person-invited",
      title: "Olu Adeyemi",
      body: person({
        standing: "invited",
        reach: NO_REACH,
        facts: {
          ...OLU.facts,
          lastSignIn: null,
          lastSignInLabel: null,
          secondFactor: null,
          hasSecondFactor: false,
          sessions: 0,
        },
      }),
    },
    {
      name: "person-last",
      title: "Olu Adeyemi",
      body: person({
        own: true,
        values: { name: "Olu Adeyemi", role: "viewer" },
        faults: {
          role:
            "Nothing was changed: this is the last administrator. Make somebody else an administrator first.",
        },
      }),
    },
    {
      name: "person-question",
      title: "Olu Adeyemi",
      body: administered(
        "/admin/people/3/lock",
        <PersonQuestion
          name="Olu Adeyemi"
          href="/admin/people/3"
          action="/admin/people/3/lock"
          title="Lock Olu Adeyemi?"
          words="They are signed out everywhere at once and cannot come in, their API tokens stop working."
          yes="Lock"
        />,
      ),
    },
  ];
}
