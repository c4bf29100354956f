/**
 * The pages of API tokens: a list, none yet, the form with what was wrong, and the one time that a token is shown.
 *
 * @module
 */

import { MadeTokenPage, NewTokenPage, type TokenRow, TokensPage } from "../../lib/ui/pages/TokensPage.tsx";
import { framed, type Specimen } from "./frame.tsx";

const TOKENS: readonly TokenRow[] = [
  {
    id: 3,
    name: "Billing export",
    mayWrite: false,
    reachWords: "all your sites",
    standing: "good",
    expiresLabel: "Mon 2 Mar 2027, 10:31 UTC",
    lastUsedLabel: "4 min ago",
    lastUsedFrom: "198.51.100.24",
  },
  {
    id: 2,
    name: "Asset register of the northern branch",
    mayWrite: true,
    reachWords: "2 groups",
    standing: "over",
    expiresLabel: "Sun 1 Nov 2026, 00:00 UTC",
    lastUsedLabel: "41 d ago",
    lastUsedFrom: "2001:db8:85a3::8a2e:370:7334",
  },
  {
    id: 1,
    name: "Trial",
    mayWrite: false,
    reachWords: "nothing",
    standing: "revoked",
    expiresLabel: "Fri 8 Jan 2027, 09:00 UTC",
    lastUsedLabel: null,
    lastUsedFrom: null,
  },
];

const GROUPS = [
  { id: 1, name: "North", chosen: true },
  { id: 2, name: "South", chosen: false },
  { id: 3, name: "Cold stores", chosen: false },
];

const FRESH = {
  name: "",
  scope: "read",
  days: "90",
  groups: GROUPS,
  faults: {},
  once: "once",
  canWrite: true,
} as const;

const FAULTY = {
  ...FRESH,
  name: "",
  days: "400",
  groups: [],
  faults: { name: "Is missing", days: "Expected 1 to 365 days" },
};

/** All of them. */
export function tokenSpecimens(): readonly Specimen[] {
  return [
    { name: "tokens", title: "API tokens", body: framed("none", <TokensPage tokens={TOKENS} />) },
    { name: "tokens-none", title: "API tokens", body: framed("none", <TokensPage tokens={[]} />) },
    { name: "token-new", title: "Make an API token", body: framed("none", <NewTokenPage {...FRESH} />) },
    { name: "token-faulty", title: "Make an API token", body: framed("none", <NewTokenPage {...FAULTY} />) },
    {
      name: "token-made",
      title: "Your new token",
      body: framed(
        "none",
        <MadeTokenPage
          name="Billing export"
          text={`wp_${"Ab9-".repeat(12)}x`}
          expiresLabel="Mon 2 Mar 2027, 10:31 UTC"
          origin="https://wattpost.example.org"
        />,
      ),
    },
  ];
}
