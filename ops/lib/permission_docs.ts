/**
 * The page on who may do what, made from the table that the product asks.
 *
 * @module
 */

import { ALL_ACTIONS, ALL_ROLES, PERMISSIONS } from "../../lib/domain/permission.ts";

const INTRODUCTION = `# Who may do what

Made from \`lib/domain/permission.ts\` by \`deno task docs\`; change it there.

Every person has a **role**, which says what they may do, and a **reach**, which says at which sites. Every
page, file, form, event stream and API answer asks both; one that does not ask answers with an error.
`;

const AFTER = `
An action that only _looks_ is all that an API token for reading may do.

## What reach means

- A person reaches every site, or some: those of the groups they were given, and those they were given by
  name. A site that is put into a group, or taken out of it, comes into reach or leaves it at once; an open
  page hears of it within a minute.
- A site out of reach does not exist: its pages and files answer 404, as an id that nothing has, and it is in
  no list, count, sum, file or event stream.
- An API token reaches what both its own reach and that of its owner cover, and may do what both allow.
- What belongs to another person (their sessions, passkeys, tokens) does not exist either.
- Actions on people, groups, settings and the audit trail concern the whole system and know no reach.
- A change of role or reach ends the sessions of that person: they sign in again.

## What happens when something is refused

A page that the role does not allow answers 403 and says which role it takes and who can help. Refusals, and
questions for sites out of reach and for what lies there, are written to the audit trail as \`refused\`, those
of the API too: at most 20 of one person in ten minutes. [What else is refused](audit.md) is written down
there as well.
`;

/** `docs/permissions.md`. */
export function formatPermissionPage(): string {
  const head = ["Action", "Words", "Looks", ...ALL_ROLES];
  const rows = ALL_ACTIONS.map((action) => {
    const { words, looks, roles } = PERMISSIONS[action];
    return [`\`${action}\``, words, mark(looks), ...ALL_ROLES.map((role) => mark(roles.includes(role)))];
  });
  const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const lines = ["<!-- deno-fmt-ignore-start -->", ...table, "<!-- deno-fmt-ignore-end -->"];
  return `${INTRODUCTION}\n${lines.join("\n")}\n${AFTER}`;
}

function mark(is: boolean): string {
  return is ? "yes" : "–";
}
