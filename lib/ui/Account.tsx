/**
 * The account menu: who is signed in, light or dark, roomy or compact, the way to one's own account, and the way out. A `<details>` with forms, so
 * that it works without JavaScript.
 *
 * @module
 */

import type { JSX } from "preact";
import { initialsOf } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { Csrf } from "./Input.tsx";

/** Light, dark, or as the system says. */
export type Theme = "system" | "light" | "dark";

/** Rows of 40 px, or of 32 px. */
export type Density = "roomy" | "compact";

/** What the account menu needs. */
export interface AccountProps {
  /** Name of who is signed in. */
  readonly name: string;
  /** Address they sign in with. */
  readonly email: string;
  /** The theme in force. */
  readonly theme: Theme;
  /** The density in force; absent: it cannot be chosen. */
  readonly density?: Density | undefined;
  /** Page of the person's API tokens; absent: they may have none. */
  readonly tokensHref?: string | undefined;
  /** Path to come back to after a choice. */
  readonly back: string;
  /** Token against forged posts. */
  readonly csrf?: string | undefined;
}

const THEMES: readonly (readonly [Theme, string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

const DENSITIES: readonly (readonly [Density, string])[] = [["roomy", "Roomy"], ["compact", "Compact"]];

/** The round badge at the end of the bar and what it opens. */
export function AccountMenu(props: AccountProps): JSX.Element {
  const { name, email, theme, density, csrf } = props;
  return (
    <details class="account">
      <summary class="me">
        <span aria-hidden="true">{initialsOf(name)}</span>
        <span class="unseen">Account of {name}</span>
      </summary>
      <div class="menu">
        <p class="who">
          <b>{name}</b>
          <span>{email}</span>
        </p>
        <Setting {...props} name="theme" label="Theme" values={THEMES} value={theme} />
        {density && <Setting {...props} name="density" label="Rows" values={DENSITIES} value={density} />}
        <div>
          <a class="menu-item" href="/account">
            <Icon name="person" />
            Account
          </a>
          {props.tokensHref && (
            <a class="menu-item" href={props.tokensHref}>
              <Icon name="key" />
              API tokens
            </a>
          )}
        </div>
        <form method="post" action="/sign-out">
          <Csrf token={csrf} />
          <button class="menu-item" type="submit">
            <Icon name="out" />
            Sign out
          </button>
        </form>
      </div>
    </details>
  );
}

interface SettingProps {
  readonly name: string;
  readonly label: string;
  readonly values: readonly (readonly [string, string])[];
  readonly value: string;
  readonly back: string;
  readonly csrf?: string | undefined;
}

function Setting({ name, label, values, value, back, csrf }: SettingProps): JSX.Element {
  return (
    <form class="setting" method="post" action="/theme">
      <Csrf token={csrf} />
      <input type="hidden" name="back" value={back} />
      <span id={`setting-${name}`}>{label}</span>
      <span class="choices" role="group" aria-labelledby={`setting-${name}`}>
        {values.map(([choice, words]) => (
          <button
            key={choice}
            type="submit"
            name={name}
            value={choice}
            aria-pressed={choice === value ? "true" : "false"}
          >
            {words}
          </button>
        ))}
      </span>
    </form>
  );
}
