/**
 * The configuration of a site's router: what it is made of, and the files that set it, each with what it does and how
 * it is applied.
 *
 * @module
 */

import { Fragment, type JSX } from "preact";
import type { PathKind } from "../../domain/site.ts";
import type { WayGrade, WayWords } from "../../domain/way_in.ts";
import { type Fact, Facts } from "../Data.tsx";
import { LinkButton } from "../Input.tsx";
import { Notice } from "../Over.tsx";
import { Column, PageHead, Panel, Part, Split } from "../Page.tsx";
import type { State } from "../state.ts";
import { ForbiddenNotice } from "../States.tsx";
import { IconWord, StateWord } from "../Words.tsx";

/** What only those see who may take the files away. */
export interface RouterConfigDetails {
  /** Addresses of the paths, in their order. */
  readonly hosts: readonly string[];
  /** Access point name; `null`: not registered. */
  readonly apn: string | null;
  /** Number of the SIM; `null`: not registered. */
  readonly number: string | null;
  /** Data of a month in words; `null`: not registered. */
  readonly allowanceLabel: string | null;
  /** Addresses from which the site is reached; empty: nobody has said. */
  readonly ownAddresses: readonly string[];
  /** Where these are set; `null`: whoever looks may not. */
  readonly ownAddressesHref: string | null;
  /** Facts that go into no file, each with what is expected; empty: files can be made. */
  readonly faults: readonly { readonly what: string; readonly words: string }[];
}

/** A file that can be made. */
export interface RouterConfigTemplate {
  /** Its id, for links. */
  readonly id: string;
  /** Its name. */
  readonly title: string;
  /** Its version. */
  readonly version: number;
  /** What it does. */
  readonly does: string;
  /** How it is applied, step by step; commands stand between backquotes. */
  readonly steps: readonly string[];
  /** Where it is downloaded. */
  readonly href: string;
  /** When it was downloaded last, for those who may; absent: never, or whoever looks may not know. */
  readonly last?: RouterConfigLast | undefined;
}

/** The last download of a file. */
export interface RouterConfigLast {
  /** When, by whom, which version and digest, in words. */
  readonly words: string;
  /** What is another thing now; empty: a file made now would be the same. */
  readonly differences: readonly string[];
}

/** How a path is reached. */
export interface RouterConfigWay extends WayWords {
  /** Kind of WAN. */
  readonly kind: PathKind;
}

/** How a router stands in the VPN. */
export interface RouterConfigVpn {
  /** How that looks. */
  readonly look: State;
  /** In words. */
  readonly words: string;
  /** Its page; `null`: whoever looks may not. */
  readonly href: string | null;
}

/** What the page needs. */
export interface RouterConfigPageProps {
  /** Name of the site. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
  /** Model; `null`: not registered. */
  readonly model: string | null;
  /** Serial number; `null`: not registered. */
  readonly serial: string | null;
  /** Kinds of the paths, in their order. */
  readonly paths: readonly PathKind[];
  /** Ports in words. */
  readonly ports: readonly string[];
  /** How often paths are checked and what it costs, in sentences. */
  readonly checks: readonly string[];
  /** How each path is reached, in their order. */
  readonly ways: readonly RouterConfigWay[];
  /** How the router stands in the VPN. */
  readonly vpn: RouterConfigVpn;
  /** The files. */
  readonly templates: readonly RouterConfigTemplate[];
  /** What only those see who may change the site; `null`: whoever looks may not. */
  readonly details: RouterConfigDetails | null;
}

/** The page. */
export function RouterConfigPage(props: RouterConfigPageProps): JSX.Element {
  const { siteName, siteHref, templates, details, checks } = props;
  const ready = details !== null && details.faults.length === 0;
  return (
    <>
      <PageHead
        title="Configure the router"
        crumbs={[{ label: "Sites", href: "/sites" }, { label: siteName, href: siteHref }, {
          label: "Router",
        }]}
        summary="Files that set up the router of this site, made from what is registered with it. None holds a password."
      />
      {details
        ? <DetailNotices details={details} />
        : (
          <ForbiddenNotice title="You can look at this, not take the files away">
            They name the addresses and the APN of the site: operators and administrators can download them.
          </ForbiddenNotice>
        )}
      <Split cut="5-2">
        <Column>
          {templates.map((template) => <TemplatePanel key={template.id} template={template} ready={ready} />)}
        </Column>
        <Column>
          <Panel title="What they are made of" id="facts">
            <Facts facts={factsOf(props)} />
          </Panel>
          <WaysPanel ways={props.ways} vpn={props.vpn} />
          <Panel title="Checks of the paths" id="checks">
            {checks.map((sentence) => <p key={sentence}>{withUnits(sentence)}</p>)}
          </Panel>
        </Column>
      </Split>
    </>
  );
}

const GRADES: Readonly<Record<WayGrade, State>> = { safe: "good", closed: "info", open: "warn" };

function WaysPanel(
  { ways, vpn: { look, words, href } }: Pick<RouterConfigPageProps, "ways" | "vpn">,
): JSX.Element {
  return (
    <Panel
      title="How it is reached"
      id="ways"
      foot={href !== null && <a href={href}>VPN of this router</a>}
    >
      {ways.map(({ kind, label, short, grade, risk }, i) => (
        <Part
          key={i}
          title={`${i + 1}. ${label}`}
          beside={<IconWord icon={kind}>{PATH_NAMES[kind]}</IconWord>}
        >
          <StateWord state={GRADES[grade]} wrap>{short}</StateWord>
          <p>{risk}</p>
        </Part>
      ))}
      <Part title="VPN" beside={<StateWord state={look} wrap>{words}</StateWord>}>
        {href !== null && (
          <p>Its keys, the files for the router and when it was heard last are on a page of their own.</p>
        )}
      </Part>
    </Panel>
  );
}

function DetailNotices({ details }: { readonly details: RouterConfigDetails }): JSX.Element {
  const { ownAddresses, ownAddressesHref, faults } = details;
  return (
    <>
      {ownAddresses.length === 0 && (
        <Notice
          state="warn"
          title="Set the addresses of Wattpost first"
          actions={ownAddressesHref !== null && (
            <LinkButton href={ownAddressesHref}>Addresses of Wattpost</LinkButton>
          )}
        >
          {`Until they are known the files open nothing to the outside${
            ownAddressesHref === null ? "; an administrator sets them under Administration, Networks" : ""
          }.`}
        </Notice>
      )}
      {faults.length > 0 && (
        <Notice state="critical" title="No file can be made">
          {faults.map(({ what, words }) => `${what}: ${words.charAt(0).toLowerCase()}${words.slice(1)}`).join(
            "; ",
          )}
          {"."}
        </Notice>
      )}
    </>
  );
}

/** A file with what it does, how it is applied, and its download where it is ready. */
export function TemplatePanel(
  { template, ready }: { readonly template: RouterConfigTemplate; readonly ready: boolean },
): JSX.Element {
  const { id, title, version, does, steps, href, last } = template;
  return (
    <Panel
      title={title}
      id={id}
      beside={<span class="muted">version {version}</span>}
      summary={does}
      actions={ready && (
        <LinkButton href={href} icon="download" label={`Download ${title}`}>Download</LinkButton>
      )}
    >
      {last && <LastDownload last={last} />}
      <ol class="how">
        {steps.map((step) => (
          <li key={step}>
            <StepWords words={step} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function LastDownload({ last: { words, differences } }: { readonly last: RouterConfigLast }): JSX.Element {
  if (differences.length === 0) {
    return (
      <p>
        <StateWord state="good">Nothing has changed since</StateWord> <small class="muted">{words}</small>
      </p>
    );
  }
  return (
    <Notice state="warn" title="What it was made from has changed: download it again">
      {words}
      {differences.map((difference) => (
        <Fragment key={difference}>
          <br />
          {difference}
        </Fragment>
      ))}
    </Notice>
  );
}

/** Keeps a unit on the line of its number. */
function withUnits(sentence: string): string {
  return sentence.replaceAll(/(\d) (s|min|MB|bytes)\b/g, "$1\u00a0$2");
}

/** Words of a step, commands between backquotes as such. */
function StepWords({ words }: { readonly words: string }): JSX.Element {
  return <>{words.split("`").map((part, i) => i % 2 === 1 ? <code key={part}>{part}</code> : part)}</>;
}

const PATH_NAMES: Readonly<Record<PathKind, string>> = {
  wired: "Wired",
  wifi: "Wi-Fi",
  cellular: "Cellular",
};

function factsOf({ model, serial, paths, ports, details }: RouterConfigPageProps): readonly Fact[] {
  const unknown = <span class="muted">not registered</span>;
  const facts: Fact[] = [
    { label: "Model", value: model ?? unknown },
    { label: "Serial", value: serial ?? unknown },
    ...paths.map((kind, i): Fact => ({
      id: `path ${i + 1}`,
      label: <IconWord icon={kind}>{`${i + 1}. ${PATH_NAMES[kind]}`}</IconWord>,
      value: details ? <bdi>{details.hosts[i]}</bdi> : "registered",
    })),
    {
      label: "Ports",
      value: ports.map((words, i) => <Fragment key={words}>{i > 0 && <br />}{words}</Fragment>),
    },
  ];
  if (!details) return facts;
  const { apn, number, allowanceLabel, ownAddresses } = details;
  return [
    ...facts,
    { label: "APN", value: apn === null ? unknown : <bdi>{apn}</bdi> },
    { label: "SIM number", value: number === null ? unknown : <bdi>{number}</bdi> },
    { label: "Data a month", value: allowanceLabel ?? unknown },
    {
      label: "Admitted",
      value: ownAddresses.length === 0 ? <span class="muted">nobody</span> : ownAddresses.join(", "),
    },
  ];
}
