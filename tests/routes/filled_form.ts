/**
 * A form as a browser would send it without anything typed: what its fields hold when the page comes.
 *
 * @module
 */

/** Fields of the form of a page that is posted to an address; with what is typed into some of them. */
export function filledForm(
  html: string,
  action: string,
  typed: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string>> {
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`))?.split("</form>")[0];
  if (form === undefined) throw new Error(`No form is posted to ${action}`);
  const fields: Record<string, string> = {};
  for (const [, attributes = ""] of form.matchAll(/<input\b([^>]*)>/g)) {
    const [name, value] = [attributeOf(attributes, "name"), attributeOf(attributes, "value")];
    if (name === null) continue;
    if (/type="(checkbox|radio)"/.test(attributes) && !/\bchecked\b/.test(attributes)) continue;
    fields[name] = value ?? (/type="checkbox"/.test(attributes) ? "on" : "");
  }
  for (const [, attributes = "", options = ""] of form.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
    const name = attributeOf(attributes, "name");
    const all = [...options.matchAll(/<option\b([^>]*)>/g)].map(([, of = ""]) => of);
    const chosen = all.find((of) => /\bselected\b/.test(of)) ?? all[0] ?? "";
    if (name !== null) fields[name] = attributeOf(chosen, "value") ?? "";
  }
  for (const [name, value] of Object.entries(typed)) {
    if (value === null) delete fields[name];
    else fields[name] = value;
  }
  return fields;
}

function attributeOf(attributes: string, name: string): string | null {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return found === undefined
    ? null
    : found.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}
