/**
 * What a colour is told: the settings of its release as they were when it was deployed, so that an older release comes
 * back with its own. Pure.
 *
 * @module
 */

import type { Release } from "./deploy.ts";

/** The file of a colour, `NAME=value` a line, for systemd and Docker alike. */
export function colourSettingsText({ name, settings }: Pick<Release, "name" | "settings">): string {
  const lines = Object.entries({ ...settings, RELEASE: name }).map(([key, value]) => `${key}=${value}\n`);
  return `# Made by Wattpost (deno task deploy). What a release is told: change wattpost.env, then deploy\n${
    lines.join("")
  }`;
}

/** What differs between two sets of settings, by name, sorted; values are not repeated. */
export function changedSettings(
  before: Release["settings"],
  after: Release["settings"],
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.filter((name) => before[name] !== after[name]).map((name) =>
    `${name} ${before[name] === undefined ? "is new" : after[name] === undefined ? "is gone" : "changed"}`
  );
}
