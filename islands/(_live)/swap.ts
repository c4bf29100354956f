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
    if (holdsInput(now)) return "not-now";
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
  if (holdsInput(old)) return;
  const opened = [...old.querySelectorAll("details")].map(({ open }) => open);
  const placed = document.importNode(next, true);
  placed.querySelectorAll("details").forEach((details, index) =>
    details.open = opened[index] ?? details.open
  );
  old.replaceWith(placed);
}

/** Whether somebody has typed or chosen something that is not sent yet: it would be gone. */
function holdsInput(part: Element): boolean {
  const inputs = part.querySelectorAll<HTMLInputElement>("input:not([type=hidden])");
  const texts = part.querySelectorAll("textarea");
  const choices = part.querySelectorAll("select");
  return [...inputs].some(({ value, defaultValue, checked, defaultChecked }) =>
    value !== defaultValue || checked !== defaultChecked
  ) ||
    [...texts].some(({ value, defaultValue }) => value !== defaultValue) ||
    [...choices].some(({ options }) => hasChosen([...options]));
}

/** Whether another choice is made than the page came with: without one named there, a browser takes the first. */
function hasChosen(options: readonly HTMLOptionElement[]): boolean {
  const named = options.some(({ defaultSelected }) => defaultSelected);
  return options.some(({ selected, defaultSelected }, index) =>
    selected !== (named ? defaultSelected : index === 0)
  );
}
