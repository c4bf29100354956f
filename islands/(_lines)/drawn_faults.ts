/**
 * Keeps the faults that a page was drawn with up to date: a newer judgement of the server takes away what is put right.
 *
 * @module
 */

import { countText } from "../../lib/ui/format.ts";

const ENDING = "-fault";

/** Takes what was found wrong with a form now, by field; what was drawn and is not among it vanishes. */
export function judgeDrawn(form: HTMLFormElement, faults: Readonly<Record<string, string>>): void {
  let left = faults[""] === undefined ? 0 : 1;
  for (const drawn of form.querySelectorAll(`.fault[id$="${ENDING}"]`)) {
    const words = faults[drawn.id.slice(0, -ENDING.length)];
    if (words === undefined) {
      release(form, drawn.id);
      drawn.remove();
      continue;
    }
    left++;
    if (drawn.lastChild && drawn.textContent !== words) drawn.lastChild.textContent = words;
  }
  const notice = form.querySelector('.notice[role="alert"]');
  const title = notice?.querySelector("h3");
  if (left === 0) notice?.remove();
  else if (title) title.textContent = `${countText(left, "thing")} to put right`;
}

/** The control that a fault describes is not invalid any more. */
function release(form: HTMLFormElement, id: string): void {
  for (const control of form.querySelectorAll(`[aria-describedby~="${CSS.escape(id)}"]`)) {
    control.removeAttribute("aria-invalid");
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) =>
      other !== id
    );
    if (others.length === 0) control.removeAttribute("aria-describedby");
    else control.setAttribute("aria-describedby", others.join(" "));
  }
}
