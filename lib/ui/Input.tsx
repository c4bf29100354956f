/**
 * Everything a hand touches: buttons, choices, fields with their faults beside them. Forms post and links lead,
 * with or without JavaScript.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { IconName } from "./drawings.ts";
import { Icon } from "./Icon.tsx";

/** Which sort of button: one primary in view, quiet beside others, danger for what cannot be undone. */
export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

/** What every button has. */
export interface ButtonLook {
  /** Which sort; plain unless said. */
  readonly kind?: ButtonKind | undefined;
  /** 28 px high, for rows of a table. */
  readonly row?: boolean | undefined;
  /** Before the words. */
  readonly icon?: IconName | undefined;
  /** What it does. */
  readonly children?: ComponentChildren;
  /** Said instead of the words, where these need their row to be understood. */
  readonly label?: string | undefined;
}

/** What a button of a form needs besides. */
export interface ButtonProps extends ButtonLook {
  /** Sent with the form. */
  readonly name?: string | undefined;
  /** Sent with the form. */
  readonly value?: string | undefined;
  /** Cannot be pressed now. */
  readonly disabled?: boolean | undefined;
  /** For switches: whether it is on. */
  readonly pressed?: boolean | undefined;
  /** Something is being done; the words say what. */
  readonly busy?: boolean | undefined;
  /** Sends the form as it is, for a way out that needs no field. */
  readonly unchecked?: boolean | undefined;
}

function lookOf({ kind, row, label }: ButtonLook) {
  return {
    class: "button",
    "data-kind": kind === "plain" ? undefined : kind,
    "data-size": row ? "row" : undefined,
    "aria-label": label,
  };
}

/** A button that sends its form. */
export function Button(props: ButtonProps): JSX.Element {
  return (
    <button
      {...lookOf(props)}
      type="submit"
      name={props.name}
      value={props.value}
      disabled={props.disabled}
      formNoValidate={props.unchecked}
      aria-pressed={props.pressed}
      aria-busy={props.busy ? "true" : undefined}
    >
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </button>
  );
}

/** A link that looks like a button. */
export function LinkButton(props: ButtonLook & { readonly href: string }): JSX.Element {
  return (
    <a {...lookOf(props)} href={props.href}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </a>
  );
}

/** What a form of one button sends. */
export interface PostButtonProps extends ButtonProps {
  /** Where it is posted. */
  readonly action: string;
  /** The session's token against forged posts; absent where the server does without. */
  readonly csrf?: string | undefined;
}

/** A form of one button: it posts, because it changes or costs something. */
export function PostButton({ action, csrf, ...button }: PostButtonProps): JSX.Element {
  return (
    <form method="post" action={action}>
      <Csrf token={csrf} />
      <Button {...button} />
    </form>
  );
}

/** The hidden field that proves a form is ours. */
export function Csrf({ token }: { readonly token?: string | undefined }): JSX.Element | null {
  return token === undefined ? null : <input type="hidden" name="csrf" value={token} />;
}

/** One of a few ways to show a thing. */
export interface Choice {
  /** Its name. */
  readonly label: string;
  /** Where it leads. */
  readonly href: string;
  /** Whether it is shown now. */
  readonly current: boolean;
}

/** A few ways to show a thing, as links. */
export function Choices(
  { label, choices }: { readonly label: string; readonly choices: readonly Choice[] },
): JSX.Element {
  return (
    <nav class="choices" aria-label={label}>
      {choices.map((choice) => (
        <a key={choice.label} href={choice.href} aria-current={choice.current ? "true" : undefined}>
          {choice.label}
        </a>
      ))}
    </nav>
  );
}

/** What a field of a form needs. */
export interface FieldProps {
  /** Its name in the form, and its id. */
  readonly name: string;
  /** What is asked for. */
  readonly label: string;
  /** What was typed or is stored; never given for a password. */
  readonly value?: string | undefined;
  /** Kind of input. */
  readonly type?: "text" | "email" | "password" | "number" | "search" | "date" | "time" | undefined;
  /** Which keys a phone shows: digits, or digits with a point. */
  readonly keys?: "numeric" | "decimal" | undefined;
  /** What a password manager may fill in, such as `current-password`. */
  readonly autocomplete?: string | undefined;
  /** A line below that helps. */
  readonly hint?: string | undefined;
  /** Why it was not taken; shown beside it and tied to it. */
  readonly fault?: string | undefined;
  /** Whether a value is needed. */
  readonly required?: boolean | undefined;
  /** Whether it can be changed. */
  readonly disabled?: boolean | undefined;
  /** Smallest number of characters. */
  readonly minLength?: number | undefined;
  /** Largest number of characters. */
  readonly maxLength?: number | undefined;
  /** A unit or a button joined to its end. */
  readonly suffix?: ComponentChildren;
  /** Twelfths of a form's width. */
  readonly span?: 2 | 3 | 4 | 6 | 12 | undefined;
  /** Choices: makes it a list to choose from. */
  readonly options?: readonly FieldOption[] | undefined;
  /** Lines of text: makes it an area. */
  readonly lines?: number | undefined;
  /** The browser puts the cursor here: at most one a page. */
  readonly focused?: boolean | undefined;
}

/** One choice of a list. */
export interface FieldOption {
  /** Sent with the form. */
  readonly value: string;
  /** Shown. */
  readonly label: string;
}

/** Label, control, hint and fault, tied together for those who hear them. */
export function Field(props: FieldProps): JSX.Element {
  const { name, label, hint, fault, suffix, span } = props;
  const control = <Control {...props} />;
  return (
    <div class="field" data-span={span}>
      <label for={name}>{label}</label>
      {suffix
        ? <span class="suffix">{control}{typeof suffix === "string" ? <span>{suffix}</span> : suffix}</span>
        : control}
      {hint && <span class="hint" id={`${name}-hint`}>{hint}</span>}
      {fault && (
        <span class="fault" id={`${name}-fault`}>
          <Icon name="critical" />
          {fault}
        </span>
      )}
    </div>
  );
}

function Control(props: FieldProps): JSX.Element {
  const { name, value, hint, fault, options, lines } = props;
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(" ");
  const shared = {
    class: "input",
    id: name,
    name,
    required: props.required,
    disabled: props.disabled,
    autofocus: props.focused,
    "aria-invalid": fault ? ("true" as const) : undefined,
    "aria-describedby": described === "" ? undefined : described,
  };
  if (options) {
    return (
      <select {...shared}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  if (lines !== undefined) {
    return <textarea {...shared} rows={lines} maxLength={props.maxLength}>{value}</textarea>;
  }
  return (
    <input
      {...shared}
      type={props.type ?? "text"}
      inputMode={props.keys}
      value={value}
      autocomplete={props.autocomplete}
      minLength={props.minLength}
      maxLength={props.maxLength}
    />
  );
}

/** What a tick box needs. */
export interface TickProps {
  /** Its name in the form. */
  readonly name: string;
  /** Sent when ticked; `on` unless said. */
  readonly value?: string | undefined;
  /** Whether it is ticked. */
  readonly checked?: boolean | undefined;
  /** Id of what is wrong with it; absent: nothing is. */
  readonly describedBy?: string | undefined;
  /** What it means. */
  readonly children: ComponentChildren;
}

/** A box to tick, its words included in the target. */
export function Tick({ name, value, checked, describedBy, children }: TickProps): JSX.Element {
  return (
    <label class="tick">
      <input
        type="checkbox"
        name={name}
        value={value}
        checked={checked}
        aria-describedby={describedBy}
        aria-invalid={describedBy ? "true" : undefined}
      />
      <span>{children}</span>
    </label>
  );
}

/** What a search box needs. */
export interface SearchProps {
  /** Its name in the form. */
  readonly name: string;
  /** Said for those who do not see the icon. */
  readonly label: string;
  /** Shown while it is empty. */
  readonly placeholder: string;
  /** What was searched for. */
  readonly value?: string | undefined;
}

/** A box to search with. */
export function SearchInput({ name, label, placeholder, value }: SearchProps): JSX.Element {
  return (
    <span class="input-with">
      <Icon name="search" />
      <input
        class="input"
        type="search"
        name={name}
        aria-label={label}
        placeholder={placeholder}
        value={value}
      />
    </span>
  );
}

/** What a filter needs. */
export interface FilterProps {
  /** Its name in the form. */
  readonly name: string;
  /** What is filtered by. */
  readonly label: string;
  /** The choice in force; the first one means no filter. */
  readonly value: string;
  /** Choices, the first one being "any". */
  readonly options: readonly FieldOption[];
}

/** A filter of a list: a choice that looks pressed when it is in force. */
export function Filter({ name, label, value, options }: FilterProps): JSX.Element {
  return (
    <label class="filter" data-on={value === options[0]?.value ? undefined : ""}>
      <span>{label}</span>
      <select name={name}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}
