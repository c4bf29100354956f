/**
 * The page of bans: with some, with none, with one that is ending, and with each of its troubles.
 *
 * @module
 */

import { BansPage, type BansPageProps } from "../../lib/ui/pages/BansPage.tsx";
import type { Specimen } from "./frame.tsx";
import { administered } from "./people_pages.tsx";

const AT = "Sun 29 Nov 2026, 17:30 UTC";

const PROPS: BansPageProps = {
  rows: [
    {
      id: "wattpost-sign-in 203.0.113.9",
      address: "203.0.113.9",
      why: "Refused sign-ins",
      since: "Sun 29 Nov 2026, 17:12 UTC",
      until: "Sun 29 Nov 2026, 18:12 UTC",
      ending: false,
    },
    {
      id: "wattpost-limits 2001:db8:1111:2222::/64",
      address: "2001:db8:1111:2222::/64",
      why: "Asked for far too much",
      since: "Sat 28 Nov 2026, 09:40 UTC",
      until: "Sun 29 Nov 2026, 17:40 UTC",
      ending: true,
    },
    {
      id: "sshd 198.51.100.200",
      address: "198.51.100.200",
      why: "Refused over SSH",
      since: "Sun 22 Nov 2026, 23:59 UTC",
      until: "when somebody ends it",
      ending: false,
    },
  ],
  more: 0,
  at: AT,
  trouble: null,
  mayChange: true,
  ended: null,
  isGone: false,
};

/** All of them. */
export function banSpecimens(): readonly Specimen[] {
  const page = (name: string, more: Partial<BansPageProps> = {}): Specimen => ({
    name,
    title: "Bans",
    body: administered("/admin/bans", <BansPage {...PROPS} {...more} />),
  });
  const none = { rows: [], at: null };
  return [
    page("bans", { more: 4_800 }),
    page("bans-ended", { ended: "2001:db8:1111:2222::/64" }),
    page("bans-none", { rows: [], isGone: true }),
    page("bans-absent", { ...none, trouble: { kind: "absent" } }),
    page("bans-unreadable", { ...none, trouble: { kind: "unreadable", why: "it is not JSON" } }),
    page("bans-fault", { rows: [], trouble: { kind: "fault", why: "fail2ban does not answer" } }),
    page("bans-stale", { trouble: { kind: "stale" }, mayChange: false }),
  ];
}
