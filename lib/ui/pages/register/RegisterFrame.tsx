/**
 * What every step of registering a site has: where one is, what is done and what is left, when the draft was saved,
 * and the ways back, on and out.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { StepName, StepState } from "../../../domain/registration.ts";
import { FaultsNotice } from "../../AlonePage.tsx";
import { Icon } from "../../Icon.tsx";
import { Button, LinkButton } from "../../Input.tsx";
import { PageHead } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";

/** A step and how it stands. */
export interface RegisterStep {
  /** Which. */
  readonly name: StepName;
  /** Its page. */
  readonly href: string;
  /** `faulty`: something in it keeps the site from being started. */
  readonly state: StepState;
}

/** What a site has in common on all of its steps. */
export interface RegisterFrameProps {
  /** Name of the site; empty while it has none. */
  readonly siteName: string;
  /** The step that is open. */
  readonly step: StepName;
  /** All steps in order. */
  readonly steps: readonly RegisterStep[];
  /** When the draft was saved, such as `10:46`; `null`: not yet. */
  readonly savedLabel: string | null;
  /** Where the list of drafts is. */
  readonly draftsHref: string;
  /** What was just done or refused; `null`: nothing. */
  readonly told: Told | null;
  /** The registered site that is changed; absent or `null`: a new one is registered. */
  readonly change?: FrameChange | null | undefined;
}

/** A registered site that is changed. */
export interface FrameChange {
  /** What it is called as long as nothing is applied. */
  readonly siteName: string;
  /** Its page. */
  readonly siteHref: string;
}

/** What every form of a step has. */
export interface StepFormProps {
  /** The frame around it. */
  readonly frame: RegisterFrameProps;
  /** Where the form is posted. */
  readonly action: string;
  /** Version of the draft, sent back so that nobody overwrites a newer one. */
  readonly version: number;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Faults;
}

/** Messages by field name; `""` belongs to none. */
export type Faults = Readonly<Record<string, string>>;

/** What people call a step; of a change the last one starts nothing. */
export function stepLabel(step: StepName, change?: FrameChange | null): string {
  if (change && step === "check") return "Check and apply";
  switch (step) {
    case "site":
      return "Site";
    case "router":
      return "Router";
    case "devices":
      return "Devices";
    case "hours":
      return "Operating hours";
    case "check":
      return "Check and start";
  }
}

/** Head and steps over the content of one step. */
export function RegisterFrame(
  { frame, children }: { readonly frame: RegisterFrameProps; readonly children: ComponentChildren },
): JSX.Element {
  const { step, steps, savedLabel, draftsHref, told, change } = frame;
  const { title, crumbs, saved, leave } = wordsOf(frame);
  return (
    <>
      <PageHead
        title={title}
        crumbs={crumbs}
        actions={
          <>
            {savedLabel !== null && <span class="muted">{`${saved} ${savedLabel}`}</span>}
            <LinkButton href={draftsHref}>{leave}</LinkButton>
          </>
        }
      />
      <nav aria-label="Steps">
        <ol class="steps">
          {steps.map((each) => (
            <StepMark
              key={each.name}
              step={each}
              label={stepLabel(each.name, change)}
              current={each.name === step}
            />
          ))}
        </ol>
      </nav>
      <ToldNotice told={told} />
      {children}
    </>
  );
}

function wordsOf({ siteName, step, draftsHref, change }: RegisterFrameProps) {
  const words = stepLabel(step, change).toLowerCase();
  const sites = { label: "Sites", href: "/sites" };
  if (!change) {
    return {
      title: `${siteName === "" ? "New site" : siteName}: ${words}`,
      crumbs: [sites, { label: "Register", href: draftsHref }],
      saved: "Draft saved",
      leave: "Leave and keep draft",
    };
  }
  return {
    title: `Change ${change.siteName}: ${words}`,
    crumbs: [sites, { label: change.siteName, href: change.siteHref }, { label: "Change" }],
    saved: "Kept",
    leave: "Leave and keep changes",
  };
}

function StepMark(
  { step, label, current }: {
    readonly step: RegisterStep;
    readonly label: string;
    readonly current: boolean;
  },
): JSX.Element {
  const { href, state } = step;
  const mark = state === "faulty" ? "warn" : state === "done" && !current ? "check" : undefined;
  return (
    <li
      data-state={state === "faulty" ? "warn" : mark === "check" ? "good" : undefined}
      aria-current={current ? "step" : undefined}
    >
      {mark && <Icon name={mark} />}
      {current ? <span>{label}</span> : <a href={href}>{label}</a>}
      {state !== "todo" && <span class="unseen">{state === "done" ? "done" : "needs a look"}</span>}
    </li>
  );
}

/** A form over the panels of a step, with what was wrong said first and the ways on last. */
export function StepForm(
  { form, children }: { readonly form: StepFormProps; readonly children: ComponentChildren },
): JSX.Element {
  const { action, version, faults } = form;
  const { "": other, ...fields } = faults;
  return (
    <form method="post" action={action} class="column step-form">
      <FaultsNotice faults={fields} other={other} />
      <input type="hidden" name="version" value={version} />
      {children}
    </form>
  );
}

/** Ways to the step before and the one after; both buttons send the form, `do` says which was pressed. */
export function StepFoot(
  { frame, children }: {
    readonly frame: RegisterFrameProps;
    /** Further buttons, between the way back and the way on. */
    readonly children?: ComponentChildren;
  },
): JSX.Element {
  const { before, after } = neighboursOf(frame);
  return (
    <div class="actions step-foot">
      {before && <LinkButton href={before.href}>Back</LinkButton>}
      {children}
      <Button name="do" value="stay">Save</Button>
      {after && (
        <Button kind="primary" name="do" value="next">
          {`Next: ${stepLabel(after.name, frame.change).toLowerCase()}`}
        </Button>
      )}
    </div>
  );
}

/** The steps beside the open one; absent at either end. */
export function neighboursOf(
  { steps, step }: RegisterFrameProps,
): { readonly before: RegisterStep | undefined; readonly after: RegisterStep | undefined } {
  const at = steps.findIndex(({ name }) => name === step);
  return { before: at > 0 ? steps[at - 1] : undefined, after: steps[at + 1] };
}
