/**
 * Puts the changed parts of a page in place of the old ones.
 *
 * @module
 */

/** What came of fetching the page again. */
export type Swapped = "swapped" | "not-now" | "not-ours";

/** Fetches the page and puts its changed parts in place; `not-ours`: somebody else is signed in, or nobody. */
export async function swapChanged(userId: number, signal: AbortSignal): Promise<Swapped> {
  // Where somebody works on a long form nothing moves, or what is typed and what was just read would be lost.
  if (document.querySelector("main [data-still]")) return "not-now";
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, signal });
  if (answer.redirected || answer.status === 401) return "not-ours";
  if (!answer.ok) return "not-now";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (signal.aborted) return "not-now";
  if (fresh.querySelector("[data-live]")?.getAttribute("data-user") !== String(userId)) return "not-ours";
  swap(document.querySelector(".cycle"), fresh.querySelector(".cycle"));
  const [now, next] = [document.querySelector("main"), fresh.querySelector("main")];
  if (!now || !next) return "not-now";
  const parts = partsOf(now);
  const newer = partsOf(next);
  if (parts.length !== newer.length) {
    if (enteredIn(now).length > 0) return "not-now";
    location.reload();
  } else parts.forEach((part, index) => swap(part, newer[index]));
  return "swapped";
}

/** The blocks of a page; what an island draws by itself, and says so by `data-kept`, is left alone. */
function partsOf(main: Element): readonly Element[] {
  return [...main.children].filter((part) =>
    !part.querySelector("[data-kept]") && !part.matches("[data-live]")
  );
}

function swap(old: Element | null, next: Element | null | undefined): void {
  if (!old || !next || old.contains(document.activeElement) || old.outerHTML === next.outerHTML) return;
  const opened = [...old.querySelectorAll("details")].map(({ open }) => open);
  const placed = document.importNode(next, true);
  placed.querySelectorAll("details").forEach((details, index) =>
    details.open = opened[index] ?? details.open
  );
  if (enteredIn(old).every((field) => carryOver(field, { old, placed }))) old.replaceWith(placed);
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Fields in which somebody has typed or chosen something that is not sent yet. */
function enteredIn(part: Element): readonly Field[] {
  const fields = part.querySelectorAll<Field>("input:not([type=hidden]), textarea, select");
  return [...fields].filter((field) => {
    if (field instanceof HTMLSelectElement) return hasChosen([...field.options]);
    if (field.value !== field.defaultValue) return true;
    return field instanceof HTMLInputElement && field.checked !== field.defaultChecked;
  });
}

/** Whether another choice is made than the page came with: without one named there, a browser takes the first. */
function hasChosen(options: readonly HTMLOptionElement[]): boolean {
  const named = options.some(({ defaultSelected }) => defaultSelected);
  return options.some(({ selected, defaultSelected }, index) =>
    selected !== (named ? defaultSelected : index === 0)
  );
}

/** Enters the same in a newer part; false: it has no such field, or files were chosen, which no script may do. */
function carryOver(
  field: Field,
  { old, placed }: { readonly old: Element; readonly placed: Element },
): boolean {
  const before = alike(field, old);
  const after = alike(field, placed);
  const same = after[before.indexOf(field)];
  if (!same || before.length !== after.length || field.type === "file") return false;
  if (isTicked(field) && isTicked(same)) same.checked = field.checked;
  else same.value = field.value;
  return same.value === field.value;
}

/** Fields of the same name in a part; of boxes, those that stand for the same. */
function alike(field: Field, part: Element): readonly Field[] {
  return [...part.querySelectorAll<Field>(field.localName)].filter(({ name, type, value }) =>
    name === field.name && type === field.type && (!isTicked(field) || value === field.value)
  );
}

function isTicked(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}
