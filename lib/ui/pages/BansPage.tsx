/**
 * Addresses that the host keeps out for a while: why, until when, and a way to end it.
 *
 * @module
 */

import type { JSX } from "preact";
import { Facts } from "../Data.tsx";
import { countText, numberText } from "../format.ts";
import { PostButton } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { Column, PageHead, Panel } from "../Page.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { Count, StateWord } from "../Words.tsx";

/** A ban as its list shows it. */
export interface BanRow {
  /** Names it in the list. */
  readonly id: string;
  /** Address, or network of IPv6. */
  readonly address: string;
  /** Why, in words. */
  readonly why: string;
  /** Since when, in words. */
  readonly since: string;
  /** Until when, in words. */
  readonly until: string;
  /** Whether its end was asked for and the host has not told yet. */
  readonly ending: boolean;
}

/** Why the list may not be what it seems. */
export type BansTrouble =
  /** The host was not set up. */
  | { readonly kind: "absent" }
  /** What the host wrote is not understood. */
  | { readonly kind: "unreadable"; readonly why: string }
  /** fail2ban does not answer the host. */
  | { readonly kind: "fault"; readonly why: string }
  /** The list is not refreshed any more. */
  | { readonly kind: "stale" };

/** What the page shows. */
export interface BansPageProps {
  /** The newest first. */
  readonly rows: readonly BanRow[];
  /** Bans that are not shown. */
  readonly more: number;
  /** When the host looked, in words; `null`: never. */
  readonly at: string | null;
  /** What is wrong; `null`: nothing. */
  readonly trouble: BansTrouble | null;
  /** Whether who looks may end bans. */
  readonly mayChange: boolean;
  /** Address whose end was asked for just now; `null`: none. */
  readonly ended: string | null;
  /** Whether an end was asked for of a ban that is not in the list. */
  readonly isGone: boolean;
}

/** When an address is banned, as it is set up. */
const RULES = [
  { label: "Refused sign-ins", value: "15 within ten minutes; wrong passwords, codes and passkeys" },
  { label: "Asked for far too much", value: "100 requests over a limit within a minute" },
  { label: "Refused over SSH", value: "5 within ten minutes" },
  { label: "How long", value: "As ops/host.json on the host says, twice as long each time, a week at most" },
  { label: "With IPv6", value: "The network of the address (/64), since it is one customer's" },
  { label: "Never banned", value: "The networks of administrators and the VPN of the routers" },
];

/** The list, what is wrong with it, and the rules. */
export function BansPage(props: BansPageProps): JSX.Element {
  const { trouble, ended, isGone, at, rows } = props;
  return (
    <>
      <PageHead
        title="Bans"
        summary="Addresses that this host keeps out for a while, because they guessed passwords or asked for far too much."
      />
      <Column>
        {ended !== null && rows.some(({ address, ending }) => ending && address === ended) && (
          <Notice state="good" title="Asked the host" live="polite">
            {trouble?.kind === "stale"
              ? `It ends the ban of ${ended} once it looks again; what is asked is forgotten after an hour.`
              : `It ends the ban of ${ended} within a minute; it stands in this list until then.`}
          </Notice>
        )}
        {isGone && (
          <Notice state="info" title="Nothing was ended" live="polite">
            As far as the host tells, this address is not banned, or not any more.
          </Notice>
        )}
        {trouble && <TroubleNotice trouble={trouble} at={at} />}
        {trouble?.kind !== "absent" && trouble?.kind !== "unreadable" && <BansPanel {...props} />}
        <Panel title="When an address is banned" id="rules">
          <Facts kind="words" facts={RULES} />
        </Panel>
      </Column>
    </>
  );
}

function TroubleNotice(
  { trouble, at }: { readonly trouble: BansTrouble; readonly at: string | null },
): JSX.Element {
  switch (trouble.kind) {
    case "absent":
      return (
        <Notice state="info" title="Nothing is known of bans here">
          The host was not set up by <code>deno task host</code>, which makes and tells them.
        </Notice>
      );
    case "unreadable":
      return (
        <Notice state="warn" title="What the host tells of its bans is not understood">
          Of its file: <bdi>{trouble.why}</bdi>. On the host <code>journalctl -u wattpost-requests</code>{" "}
          says more.
        </Notice>
      );
    case "fault":
      return (
        <Notice state="warn" title="Bans are not known">
          The host says:{" "}
          <bdi>{trouble.why}</bdi>. Until that is put right nobody may be banned at all: look at{" "}
          <code>systemctl status fail2ban</code> there.
        </Notice>
      );
    case "stale":
      return (
        <Notice state="warn" title={`This list is from ${at ?? "long ago"}`}>
          The host no longer refreshes it each minute: look at{" "}
          <code>systemctl status wattpost-requests.timer</code> there.
        </Notice>
      );
  }
}

function BansPanel({ rows, more, at, mayChange, trouble }: BansPageProps): JSX.Element {
  if (rows.length === 0) {
    return (
      <Panel title="Banned now" id="bans">
        <Empty icon={trouble ? "missing" : "good"} title={trouble ? "No ban is known" : "Nobody is banned"}>
          {at === null ? "The host has not looked yet." : `The host looked on ${at}.`}
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title="Banned now"
      id="bans"
      beside={<Count>{numberText(rows.length + more)}</Count>}
      summary={summaryOf(at, more)}
      flush
    >
      <DataTable
        caption="Banned addresses"
        columns={columnsOf(mayChange)}
        rows={rows}
        keyOf={({ id }) => id}
      />
    </Panel>
  );
}

function summaryOf(at: string | null, more: number): string {
  const found = `As the host found it on ${at ?? "an earlier day"}.`;
  if (more === 0) return found;
  const older = countText(more, "older ban is", "older bans are");
  return `${found} ${older} not shown: “deno task bans list” on the host lists all.`;
}

function columnsOf(mayChange: boolean): readonly TableColumn<BanRow>[] {
  const facts: readonly TableColumn<BanRow>[] = [
    { id: "address", head: "Address", place: "name", cell: ({ address }) => <code>{address}</code> },
    { id: "why", head: "Why", place: "detail", detailName: "Why", cell: ({ why }) => why },
    {
      id: "since",
      head: "Since",
      place: "detail",
      detailName: "Since",
      spare: 1,
      cell: ({ since }) => since,
    },
    { id: "until", head: "Ends", place: "detail", detailName: "Ends", cell: ({ until }) => until },
  ];
  if (!mayChange) return facts;
  return [...facts, {
    id: "do",
    head: "What can be done",
    headUnseen: true,
    place: "do",
    cell: ({ address, ending }) =>
      ending
        ? <StateWord state="loading">Ending</StateWord>
        : (
          <PostButton action="/admin/bans" name="address" value={address} row label={`End ban of ${address}`}>
            End ban
          </PostButton>
        ),
  }];
}
