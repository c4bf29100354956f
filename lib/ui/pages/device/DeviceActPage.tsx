/**
 * One act on a device: what it is now, a short form, and one button. Small, because whoever replaces a meter stands
 * beside it with a phone.
 *
 * @module
 */

import type { JSX } from "preact";
import { FaultsNotice } from "../../AlonePage.tsx";
import { type Fact, Facts } from "../../Data.tsx";
import { Icon } from "../../Icon.tsx";
import { Button, type ButtonKind, Field, type FieldProps, LinkButton, Tick } from "../../Input.tsx";
import { Notice } from "../../Over.tsx";
import { PageHead, Panel } from "../../Page.tsx";
import { type Told, ToldNotice } from "../../Told.tsx";

/** Fields that belong together. */
export interface ActSection {
  /** What they are about; absent: they need no heading. */
  readonly title?: string;
  /** What to know before filling them in. */
  readonly hint?: string;
  /** The fields. */
  readonly fields: readonly FieldProps[];
}

/** What must be ticked to go on, with what it warns of. */
export interface ActTick {
  /** Its name. */
  readonly name: string;
  /** Sent when ticked. */
  readonly value: string;
  /** Whether it is ticked. */
  readonly checked: boolean;
  /** What would be lost. */
  readonly warning: string;
  /** What the tick means. */
  readonly words: string;
}

/** A form that posts. */
export interface ActForm {
  /** Where it is posted. */
  readonly action: string;
  /** Sent with it. */
  readonly hidden: Readonly<Record<string, string>>;
  /** What is asked. */
  readonly sections: readonly ActSection[];
  /** What must be ticked after it was refused; `null`: nothing. */
  readonly confirm: string | null;
  /** What must be ticked from the beginning on; absent: nothing. */
  readonly ticks?: readonly ActTick[];
  /** The words of its button. */
  readonly submit: string;
  /** How its button looks. */
  readonly kind: ButtonKind;
}

/** What the page needs. */
export interface DeviceActPageProps {
  /** What is done: `Replace`. */
  readonly title: string;
  /** What it does, in a sentence or two. */
  readonly lead: string;
  /** The device. */
  readonly device: { readonly name: string; readonly href: string };
  /** Its site. */
  readonly site: { readonly name: string; readonly href: string };
  /** As it is now. */
  readonly facts: readonly Fact[];
  /** A choice that comes before the form and changes nothing; absent: none. */
  readonly choose?: { readonly field: FieldProps; readonly submit: string } | undefined;
  /** What would become of it; absent: nothing to show. */
  readonly changes?: readonly Fact[] | undefined;
  /** The form; `null`: there is nothing to do yet. */
  readonly form: ActForm | null;
  /** What was wrong, by field; `""` belongs to none. */
  readonly faults: Readonly<Record<string, string>>;
  /** What to know first; `null`: nothing. */
  readonly told: Told | null;
}

/** The page. */
export function DeviceActPage(props: DeviceActPageProps): JSX.Element {
  const { title, lead, device, site, facts, choose, changes, form, told } = props;
  return (
    <>
      <PageHead
        title={`${title}: ${device.name}`}
        crumbs={[
          { label: "Sites", href: "/sites" },
          { label: site.name, href: site.href },
          { label: device.name, href: device.href },
          { label: title },
        ]}
        summary={lead}
      />
      <ToldNotice told={told} />
      <div class="act">
        <Panel title="As it is now">
          <Facts facts={facts} />
        </Panel>
        {choose && (
          <Panel title="Choose">
            <form method="get" class="form">
              <Field {...choose.field} />
              <div class="field">
                <Button>{choose.submit}</Button>
              </div>
            </form>
          </Panel>
        )}
        {changes && (
          <Panel title="What changes">
            <Facts facts={changes} />
          </Panel>
        )}
        {form && <TheForm {...props} form={form} />}
      </div>
    </>
  );
}

function TheForm(
  { title, device, form, faults }: DeviceActPageProps & { readonly form: ActForm },
): JSX.Element {
  const { "": other, ...fields } = faults;
  return (
    <Panel title={title} flush>
      <form method="post" action={form.action}>
        <div class="panel-body">
          <div class="form">
            <FaultsNotice faults={fields} other={other} />
            {Object.entries(form.hidden).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            {form.sections.map((section) => (
              <Section key={section.title ?? ""} section={section} faults={faults} />
            ))}
            {form.ticks?.map((tick) => <WarningTick key={tick.name} tick={tick} fault={faults[tick.name]} />)}
            {form.confirm !== null && (
              <div class="field">
                <Tick name="confirmed">{form.confirm}</Tick>
              </div>
            )}
          </div>
        </div>
        <div class="panel-foot">
          <Button kind={form.kind}>{form.submit}</Button>
          <LinkButton kind="quiet" href={device.href}>Cancel</LinkButton>
        </div>
      </form>
    </Panel>
  );
}

function WarningTick(
  { tick: { name, value, checked, warning, words }, fault }: {
    readonly tick: ActTick;
    readonly fault: string | undefined;
  },
): JSX.Element {
  const id = `${name}-fault`;
  return (
    <>
      <Notice state="warn" title={warning}>What was measured until then stays.</Notice>
      <div class="field">
        <Tick name={name} value={value} checked={checked} describedBy={fault && id}>{words}</Tick>
        {fault && (
          <span class="fault" id={id}>
            <Icon name="critical" />
            {fault}
          </span>
        )}
      </div>
    </>
  );
}

function Section(
  { section: { title, hint, fields }, faults }: {
    readonly section: ActSection;
    readonly faults: Readonly<Record<string, string>>;
  },
): JSX.Element {
  return (
    <>
      {title !== undefined && <h3>{title}</h3>}
      {hint !== undefined && <p class="hint">{hint}</p>}
      {fields.map((field) => (
        <Field key={field.name} {...field} fault={faults[field.name]} autocomplete="off" />
      ))}
    </>
  );
}
