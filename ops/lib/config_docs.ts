/**
 * What people read about the settings, made from the table that the app itself parses with; a test compares the
 * committed texts.
 *
 * @module
 */
import { CONFIG_VARIABLES } from "../../lib/config.ts";

/** `.env.example`: every variable with what it decides, none of them set. */
export function formatEnvExample(): string {
  const parts = CONFIG_VARIABLES.map((variable) =>
    `# ${variable.about}.\n# Expects ${variable.expects}.\n# Without it: ${variable.otherwise}.` +
    `${variable.note ? `\n# ${variable.note}.` : ""}` +
    `${variable.secret ? `\n# Or ${variable.name}_FILE with the path of a file that holds it.` : ""}` +
    `\n# ${variable.name}=${variable.example}\n`
  );
  return `# Settings of Wattpost. Every one may be left out. docs/configuration.md says more.\n\n${
    parts.join("\n")
  }`;
}

/** The table of variables for the page on configuration, in Markdown. */
export function formatConfigTable(): string {
  const rows = CONFIG_VARIABLES.map(({ name, about, expects, example, otherwise, secret, note }) =>
    `| \`${name}\`${secret ? `, \`${name}_FILE\`` : ""} | ${about}${
      note ? " ([outside `data`](#what-the-process-may-do))" : ""
    } | ${expects} | \`${example}\` | ${otherwise} |`
  );
  return [
    "| variable | decides | expects | example | without it |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ]
    .join("\n") + "\n";
}
