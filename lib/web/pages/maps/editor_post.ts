/**
 * The form of a register map as its two addresses take it: the editor's own, and the one that reads values. A browser
 * with scripts asks for JSON and keeps its page.
 *
 * @module
 */

import type { Context } from "fresh";
import { allow } from "../../allow.ts";
import { jsonAnswer } from "../../json.ts";
import { redirectTo } from "../../redirect.ts";
import type { State } from "../../state.ts";
import { actOnMap } from "./editor_act.ts";
import { answerOf, type EditorPageProps, typedEditor } from "./editor_page.ts";
import { requireMapBody } from "./map_body.ts";
import { readMapForm } from "./map_form.ts";
import { mapHref, openMap } from "./open_map.ts";

/** A page that is to be shown, and with which status. */
export interface ShownEditor {
  /** What it shows. */
  readonly shown: EditorPageProps;
  /** Status of the answer. */
  readonly status: number;
}

/** Takes the form; `reads`: at the address that reads values, whatever button was pressed. */
export async function postMap(
  ctx: Context<State>,
  { reads }: { readonly reads: boolean },
): Promise<Response | ShownEditor> {
  const { state, req } = ctx;
  const asker = allow(ctx, "profiles.change");
  const open = await openMap(ctx);
  const sent = readMapForm(await requireMapBody(ctx));
  const wish = reads ? { ...sent, act: "read" as const } : sent;
  const acted = await actOnMap(state, { open, sent: wish, signal: req.signal });
  if (req.headers.get("accept")?.includes("application/json")) {
    return jsonAnswer(answerOf(acted), { status: acted.status });
  }
  if (acted.saved) {
    const query = new URLSearchParams({
      saved: "1",
      show: sent.show,
      ...(sent.at !== "" && { at: sent.at }),
    });
    return redirectTo(`${mapHref(open.record.id)}?${query}`);
  }
  return { shown: await typedEditor(state, { open, asker, acted }), status: acted.status };
}
