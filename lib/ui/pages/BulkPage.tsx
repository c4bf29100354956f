/**
 * Changing many sites alike: what is to become of them, then what that would do to each, then what came of it. Nothing
 * happens before it was looked at.
 *
 * @module
 */

import type { JSX } from "preact";
import { WEEKDAYS } from "../../domain/hours.ts";
import { FaultsNotice } from "../AlonePage.tsx";
import type { BulkChoice, BulkDone, BulkDryRun, BulkSiteLink } from "../bulk_model.ts";
import { countText, numberText } from "../format.ts";
import { Button, Field, type FieldOption, LinkButton, Tick } from "../Input.tsx";
import { Empty, Notice } from "../Over.tsx";
import { PageHead, Panel, Part } from "../Page.tsx";
import { type Told, ToldNotice } from "../Told.tsx";
import { Count } from "../Words.tsx";
import { dayField } from "./register/names.ts";

/** What the page needs. */
export interface BulkPageProps {
  /** Where its forms are posted. */
  readonly action: string;
  /** The list of sites. */
  readonly sitesHref: string;
  /** What is told at the head; `null`: nothing. */
  readonly told: Told | null;
  /** Which of its three states it shows. */
  readonly shown: BulkChoice | BulkDryRun | BulkDone;
}

/** The page. */
export function BulkPage({ action, sitesHref, told, shown }: BulkPageProps): JSX.Element {
  return (
    <>
      <PageHead
        title={titleOf(shown)}
        crumbs={[{ label: "Sites", href: sitesHref }, { label: "Change many" }]}
        summary="Each site keeps its history, and each change is written down for its site."
      />
      <ToldNotice told={told} />
      <Shown action={action} sitesHref={sitesHref} shown={shown} />
    </>
  );
}

function titleOf(shown: BulkPageProps["shown"]): string {
  switch (shown.kind) {
    case "choice":
      return shown.chosen.length === 0
        ? "Change many sites"
        : `Change ${countText(shown.chosen.length, "site")}`;
    case "look": {
      const count = shown.changes.reduce((sum, { sites }) => sum + sites.length, 0);
      return count === 0 ? "Nothing would change" : `${countText(count, "site")} would change`;
    }
    case "done":
      return shown.left
        ? `${numberText(shown.changed)} changed, ${numberText(shown.left.count)} to go`
        : "Done";
  }
}

type PartProps = Omit<BulkPageProps, "told">;

function Shown({ action, sitesHref, shown }: PartProps): JSX.Element {
  switch (shown.kind) {
    case "choice":
      return shown.chosen.length === 0
        ? <NoneChosen sitesHref={sitesHref} />
        : <Choosing action={action} sitesHref={sitesHref} choice={shown} />;
    case "look":
      return <DryRun action={action} sitesHref={sitesHref} run={shown} />;
    case "done":
      return <Outcome action={action} sitesHref={sitesHref} done={shown} />;
  }
}

function NoneChosen({ sitesHref }: { readonly sitesHref: string }): JSX.Element {
  return (
    <Panel flush>
      <Empty
        icon="site"
        title="No site is chosen"
        action={<LinkButton kind="primary" href={sitesHref}>Choose sites</LinkButton>}
      >
        Tick sites in the list, or take all that its search and filters find.
      </Empty>
    </Panel>
  );
}

interface Ways {
  readonly action: string;
  readonly sitesHref: string;
}

const COLLECTED: readonly FieldOption[] = [
  { value: "keep", label: "As it is" },
  { value: "on", label: "Collect" },
  { value: "off", label: "Do not collect" },
];

const HOURS: readonly FieldOption[] = [
  { value: "keep", label: "As they are" },
  { value: "set", label: "Those typed below, for all" },
  { value: "none", label: "None: take them away" },
];

function Choosing({ action, sitesHref, choice }: Ways & { readonly choice: BulkChoice }): JSX.Element {
  const { values, faults: { "": other, ...faults }, groups, sites, chosen, away } = choice;
  return (
    <form method="post" action={action} class="column step-form">
      <FaultsNotice faults={faults} other={other} />
      <input type="hidden" name="sites" value={sites} />
      <Panel title="What is to change" id="bulk-panel" summary="What is left as it is stays with each site.">
        <div class="form">
          <Field
            name="group"
            label="Group"
            value={values.group}
            fault={faults["group"]}
            options={groups}
            hint="Decides who reaches them."
            span={6}
          />
          <Field
            name="collected"
            label="Half-hours"
            value={values.collected}
            fault={faults["collected"]}
            options={COLLECTED}
            hint="From the next half-hour on."
            span={6}
          />
          <Field
            name="hours"
            label="Operating hours"
            value={values.hours}
            fault={faults["hours"]}
            options={HOURS}
            span={6}
          />
          <details class="bulk-hours" open={values.hours === "set"}>
            <summary class="button" data-kind="quiet" data-size="row">Type a week</summary>
            <WeekFields values={values} faults={faults} />
          </details>
        </div>
      </Panel>
      <SitesPanel title="Chosen" id="chosen-panel" sites={chosen} />
      {away > 0 && <AwayWords away={away} />}
      <div class="actions step-foot">
        <LinkButton href={sitesHref}>Back to the list</LinkButton>
        <Button kind="primary" name="do" value="look">See what would change</Button>
      </div>
    </form>
  );
}

function WeekFields({ values, faults }: Pick<BulkChoice, "values" | "faults">): JSX.Element {
  return (
    <div class="week">
      <div class="week-same">
        <Tick name="sameAsMonday" checked={values.sameAsMonday}>
          Tuesday to Friday are the same as Monday
        </Tick>
        <span class="hint">08:00-18:00, 8-12, 13-17, 24h or closed. An empty day is closed.</span>
      </div>
      {WEEKDAYS.map((name, weekday) => (
        <div key={name} class="week-day">
          <Field
            name={dayField(weekday)}
            label={name}
            value={values.days[weekday]}
            fault={faults[dayField(weekday)]}
            maxLength={60}
            autocomplete="off"
          />
        </div>
      ))}
    </div>
  );
}

/** Few sites are named at once, many on request. */
const NAMED_AT_ONCE = 30;

function SiteNames({ sites }: { readonly sites: readonly BulkSiteLink[] }): JSX.Element {
  const list = (
    <ul class="bulk-sites">
      {sites.map(({ name, href }) => (
        <li key={href}>
          <a href={href}>
            <bdi>{name}</bdi>
          </a>
        </li>
      ))}
    </ul>
  );
  if (sites.length <= NAMED_AT_ONCE) return list;
  return (
    <details>
      <summary class="button" data-kind="quiet" data-size="row">
        {`Name all ${numberText(sites.length)}`}
      </summary>
      {list}
    </details>
  );
}

function SitesPanel(
  { title, id, sites }: {
    readonly title: string;
    readonly id: string;
    readonly sites: readonly BulkSiteLink[];
  },
): JSX.Element {
  return (
    <Panel title={title} id={id} beside={<Count>{sites.length}</Count>}>
      <SiteNames sites={sites} />
    </Panel>
  );
}

function AwayWords({ away }: { readonly away: number }): JSX.Element {
  return (
    <p class="muted">
      {`${countText(away, "site")} of the choice ${
        away === 1 ? "is" : "are"
      } left out: not there any more, or out of your reach.`}
    </p>
  );
}

function DryRun({ action, sitesHref, run }: Ways & { readonly run: BulkDryRun }): JSX.Element {
  const { changes, same, away, hidden, nextLabel } = run;
  const count = changes.reduce((sum, { sites }) => sum + sites.length, 0);
  return (
    <>
      {count > 0 && (
        <Panel
          title="Would change"
          id="would-panel"
          beside={<Count>{count}</Count>}
          summary="A site that somebody else changes before you apply this is left out, and named."
        >
          {changes.map(({ words, sites }) => (
            <Part key={words} title={words} beside={<Count>{sites.length}</Count>}>
              <SiteNames sites={sites} />
            </Part>
          ))}
        </Panel>
      )}
      {same.length > 0 && <SitesPanel title="So already" id="same-panel" sites={same} />}
      {away > 0 && <AwayWords away={away} />}
      <form method="post" action={action} class="actions step-foot">
        <HiddenFields fields={hidden} />
        {count > 0 && <span class="muted">{`The reading at ${nextLabel} is the first with it.`}</span>}
        <LinkButton href={sitesHref}>Leave it</LinkButton>
        <Button name="do" value="back">Back</Button>
        <Button kind="primary" name="do" value="apply" disabled={count === 0}>
          {count === 0 ? "Apply" : `Apply to ${countText(count, "site")}`}
        </Button>
      </form>
    </>
  );
}

function HiddenFields({ fields }: { readonly fields: BulkDryRun["hidden"] }): JSX.Element {
  return <>{fields.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}</>;
}

function Outcome({ action, sitesHref, done }: Ways & { readonly done: BulkDone }): JSX.Element {
  const { changed, same, stale, gone, groupGone, left } = done;
  return (
    <>
      <Notice
        state={groupGone ? "critical" : "good"}
        title={groupGone
          ? "The group is not there any more"
          : `${countText(changed, "site is", "sites are")} changed`}
        live={groupGone ? "assertive" : "polite"}
      >
        {groupGone
          ? `${countText(changed, "site was", "sites were")} changed before it went. Choose another group.`
          : [
            ...(same > 0 ? [`${countText(same, "site was", "sites were")} so already.`] : []),
            ...(gone > 0
              ? [`${countText(gone, "site", "sites")} left out: gone, or out of your reach by now.`]
              : []),
          ].join(" ")}
      </Notice>
      {stale.length > 0 && (
        <Panel
          title="Left out"
          id="stale-panel"
          beside={<Count>{stale.length}</Count>}
          summary="Somebody else has changed these since you looked at them. They stay as they are now."
        >
          <ul class="bulk-sites">
            {stale.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <form method="post" action={action} class="actions step-foot">
        <LinkButton href={sitesHref}>Back to the list</LinkButton>
        {left && (
          <>
            <HiddenFields fields={left.hidden} />
            <Button kind="primary" name="do" value="apply">
              {`Go on with the other ${numberText(left.count)}`}
            </Button>
          </>
        )}
      </form>
    </>
  );
}
