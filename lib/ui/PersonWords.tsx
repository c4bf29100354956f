/**
 * What people are called by: their role and whether they may come in.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Role } from "../domain/permission.ts";
import { StateBadge, StateWord } from "./Words.tsx";

/** Whether somebody may come in. */
export type Standing = "active" | "invited" | "locked";

/** A role as a person reads it. */
export function roleName(role: Role): string {
  switch (role) {
    case "viewer":
      return "Viewer";
    case "technician":
      return "Technician";
    case "operator":
      return "Operator";
    case "administrator":
      return "Administrator";
  }
}

/** What a role may, in a few words for choosing one. */
export function roleWords(role: Role): string {
  switch (role) {
    case "viewer":
      return "looks and downloads";
    case "technician":
      return "also reads meters now";
    case "operator":
      return "also changes sites";
    case "administrator":
      return "also people and settings";
  }
}

function lookOf(standing: Standing) {
  switch (standing) {
    case "active":
      return { state: "good", words: "Active", icon: undefined } as const;
    case "invited":
      return { state: "info", words: "Invited", icon: "mail" } as const;
    case "locked":
      return { state: "warn", words: "Locked", icon: "forbidden" } as const;
  }
}

/** Whether somebody may come in, with its icon. */
export function StandingWord({ standing }: { readonly standing: Standing }): JSX.Element {
  const { state, words, icon } = lookOf(standing);
  return <StateWord state={state} icon={icon}>{words}</StateWord>;
}

/** The same on a tint, for the head of a page. */
export function StandingBadge({ standing }: { readonly standing: Standing }): JSX.Element {
  const { state, words, icon } = lookOf(standing);
  return <StateBadge state={state} icon={icon}>{words}</StateBadge>;
}
