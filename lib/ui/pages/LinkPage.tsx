/**
 * The link of a site: over which path it answers, how well its radio hears, where its router is, what its SIM uses, and
 * what happened to it.
 *
 * @module
 */

import type { JSX } from "preact";
import { DataBar } from "../charts/DataBar.tsx";
import { MapDot } from "../charts/MapDot.tsx";
import { SignalChart } from "../charts/SignalChart.tsx";
import { SignalDays } from "../charts/SignalDays.tsx";
import { WayLanes } from "../charts/WayLanes.tsx";
import { Facts, Readout } from "../Data.tsx";
import { Timeline } from "../Flow.tsx";
import { Button, Choices, Csrf, Field, LinkButton } from "../Input.tsx";
import type { LinkDayRow, LinkForm, LinkPageProps, SimCard } from "../link_model.ts";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Part, Split } from "../Page.tsx";
import { DataTable, type TableColumn } from "../Table.tsx";
import { MissingValue, StateBadge, StateWord } from "../Words.tsx";

/** The page. */
export function LinkPage(props: LinkPageProps): JSX.Element {
  const { siteName, siteHref, standing, summary, figures, ranges, events, sim, days, form } = props;
  return (
    <>
      <PageHead
        title="Link"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: siteName, href: siteHref }, { label: "Link" }]}
        badges={<StateBadge state={standing.state}>{standing.word}</StateBadge>}
        summary={summary}
        actions={
          <>
            <LinkButton href={props.routerHref} icon="router">Router’s files</LinkButton>
            {props.csvHref !== null && (
              <LinkButton href={props.csvHref} icon="download">Days as CSV</LinkButton>
            )}
          </>
        }
      />
      <section class="panel" aria-label="Now">
        <Readout figures={figures} />
      </section>
      <Panel
        title="Way in"
        id="ways"
        actions={<Choices label="Range" choices={ranges} />}
        summary={props.ways.sentence}
        foot={
          <ul class="legend">
            <li>
              <span class="key-way" /> main path
            </li>
            <li>
              <span class="key-way" data-kind="backup" /> another path
            </li>
            <li>
              <span class="key-way" data-kind="unknown" /> answered, path not known
            </li>
          </ul>
        }
      >
        <div class="chart">
          <WayLanes {...props.ways} />
        </div>
      </Panel>
      <Split cut="5-2">
        <Column>
          <SignalPanel {...props} />
          <Panel title="What happened" id="events">
            {events.length > 0
              ? <Timeline days={events} />
              : <p class="muted">Nothing but half-hours over the main path.</p>}
          </Panel>
          <Panel title="Days" id="days" flush>
            <DataTable
              caption="Days, newest first"
              columns={COLUMNS}
              rows={days}
              keyOf={({ label }) => label}
            />
          </Panel>
        </Column>
        <Column>
          {sim && <SimPanel sim={sim} />}
          <PlacePanel {...props} />
          {form && <FormPanel form={form} csrf={props.csrf} />}
        </Column>
      </Split>
    </>
  );
}

function SignalPanel({ signal, signalSentence, weakDbm }: LinkPageProps): JSX.Element | null {
  if (!signal) return null;
  return (
    <Panel title="Signal" id="signal" beside={<span class="muted">RSSI, dBm</span>} summary={signalSentence}>
      <div class="chart">
        {signal.kind === "half-hours"
          ? <SignalChart cells={signal.cells} days={signal.days} weakDbm={weakDbm} />
          : <SignalDays days={signal.days} weakDbm={weakDbm} sentence={signalSentence} />}
      </div>
    </Panel>
  );
}

function SimPanel({ sim }: { readonly sim: SimCard }): JSX.Element {
  const { title, monthLabel, standing, sentence, bar, facts, method, causes } = sim;
  return (
    <Panel title={title} id="sim" beside={<span class="muted">{monthLabel}</span>} summary={sentence}>
      <section class="part">
        <StateWord state={standing.state}>{standing.word}</StateWord>
        <DataBar {...bar} />
        <ul class="legend">
          {bar.ownB > 0 && (
            <li>
              <span class="key-way" /> Wattpost
            </li>
          )}
          <li>
            <span class="key-way" data-kind="other" /> {bar.ownB > 0 ? "other traffic" : "used"}
          </li>
          {bar.forecastB !== null && (
            <li>
              <span class="key-way" data-kind="coming" /> to come
            </li>
          )}
          {bar.allowanceB !== null && (
            <li>
              <span class="key-way" data-kind="limit" /> allowance
            </li>
          )}
        </ul>
      </section>
      <section class="part">
        <Facts facts={facts} />
      </section>
      {causes.length > 0 && (
        <Part title="What the other traffic may be">
          <ul class="causes">{causes.map((cause) => <li key={cause}>{cause}</li>)}</ul>
        </Part>
      )}
      <section class="part">
        <p class="muted">
          <small>{method}</small>
        </p>
      </section>
    </Panel>
  );
}

function PlacePanel({ place }: LinkPageProps): JSX.Element {
  return (
    <Panel
      title="Position"
      id="place"
      beside={<StateWord state={place.state}>{place.word}</StateWord>}
      summary={place.sentence}
    >
      {place.map && <MapDot {...place.map} />}
    </Panel>
  );
}

function FormPanel(
  { form, csrf }: { readonly form: LinkForm; readonly csrf: string | undefined },
): JSX.Element {
  const { action, radius, billingDay, version, faults, saved } = form;
  return (
    <Panel title="What it is judged by" id="judged">
      {faults[""] !== undefined && <Notice state="critical" title={faults[""]} live="assertive" />}
      {saved && <Notice state="good" title="Saved" live="polite" />}
      <form method="post" action={action} class="form">
        <Csrf token={csrf} />
        <input type="hidden" name="version" value={version} />
        <Field
          name="radius"
          label="Moved when further away than"
          suffix="m"
          value={radius}
          fault={faults["radius"]}
          hint="From where the site was registered, 50 to 100,000 m"
          required
        />
        <Field
          name="billingDay"
          label="The SIM’s month begins on day"
          value={billingDay}
          fault={faults["billingDay"]}
          hint="1 to 31; in a shorter month on its last day"
          required
        />
        <div class="actions">
          <Button kind="primary">Save</Button>
        </div>
      </form>
    </Panel>
  );
}

const missing = (reason: string) => <MissingValue reason={reason} />;

const COLUMNS: readonly TableColumn<LinkDayRow>[] = [
  { id: "day", head: "Day", place: "name", cell: ({ label }) => label },
  {
    id: "main",
    head: "Main path",
    number: true,
    place: "detail",
    detailName: "main path",
    cell: ({ main }) => main,
  },
  {
    id: "backup",
    head: "Other path",
    number: true,
    place: "detail",
    detailName: "other path",
    cell: ({ backup }) => backup === 0 ? 0 : <StateWord state="warn" icon="backup">{backup}</StateWord>,
  },
  {
    id: "none",
    head: "No answer",
    number: true,
    place: "detail",
    detailName: "no answer",
    cell: ({ unanswered }) => unanswered === 0 ? 0 : <StateWord state="missing">{unanswered}</StateWord>,
  },
  {
    id: "changes",
    head: "Changes",
    number: true,
    spare: 2,
    place: "detail",
    detailName: "changes",
    cell: ({ changes }) => changes,
  },
  {
    id: "restarts",
    head: "Restarts",
    number: true,
    spare: 1,
    place: "detail",
    detailName: "restarts",
    cell: ({ restarts }) => restarts,
  },
  {
    id: "signal",
    head: "Signal, mean",
    number: true,
    place: "detail",
    detailName: "signal",
    cell: ({ signalLabel }) => signalLabel ?? missing("not read"),
  },
  {
    id: "sim",
    head: "SIM",
    number: true,
    place: "figure",
    cell: ({ simLabel }) => simLabel ?? missing("not read"),
  },
  {
    id: "own",
    head: "of it Wattpost",
    number: true,
    spare: 3,
    place: "detail",
    detailName: "of it Wattpost",
    cell: ({ ownLabel }) => ownLabel ?? missing("not kept"),
  },
];
