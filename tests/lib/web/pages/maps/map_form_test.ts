/**
 * The form of a register map: read, judged, and written in another notation.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  HEAD_FIELDS as OWN_HEAD_FIELDS,
  ROW_FIELDS as OWN_ROW_FIELDS,
} from "../../../../../lib/profiles/map_fault.ts";
import { PROFILES } from "../../../../../lib/profiles/mod.ts";
import { ENCODINGS } from "../../../../../lib/profiles/profile.ts";
import { mapOfProfile } from "../../../../../lib/profiles/register_map.ts";
import { HEAD_FIELDS } from "../../../../../lib/ui/pages/maps/MapForm.tsx";
import { ENCODING_OPTIONS, ROW_FIELDS } from "../../../../../lib/ui/pages/maps/row_texts.ts";
import {
  inNotation,
  judgeMap,
  readMapForm,
  rowForm,
  textsOfMap,
} from "../../../../../lib/web/pages/maps/map_form.ts";

Deno.test("the editor shows every field and type that a register map has", () => {
  deepStrictEqual([...ROW_FIELDS].sort(), [...OWN_ROW_FIELDS].sort());
  deepStrictEqual([...HEAD_FIELDS].sort(), [...OWN_HEAD_FIELDS].sort());
  deepStrictEqual(ENCODING_OPTIONS.map(({ value }) => value).sort(), [...ENCODINGS].sort());
});

Deno.test("every profile of the library, copied, reads back from its form in every notation", () => {
  for (const profile of PROFILES) {
    const map = mapOfProfile(profile);
    for (const notation of ["0-based", "1-based", "40001-style"] as const) {
      const texts = textsOfMap(map, notation);
      const judged = judgeMap({ ...texts, notation }, map.basedOn);
      ok(judged.ok, `${profile.id} ${notation}: ${JSON.stringify(judged.ok || [...judged.error.rows])}`);
      deepStrictEqual(judged.value, map, `${profile.id} ${notation}`);
      const plain = inNotation({ ...texts, notation }, "0-based");
      const again = judgeMap({ ...texts, rows: plain, notation: "0-based" }, map.basedOn);
      ok(again.ok && again.value.rows.length === map.rows.length, profile.id);
      deepStrictEqual(again.value.rows, map.rows, `${profile.id} from ${notation}`);
    }
  }
});

Deno.test("readMapForm() keeps what was typed and names what is no field of the form", () => {
  const form = new URLSearchParams({
    version: "3",
    ...rowForm(2, { quantity: "powerW", address: "x" }),
    admin: "1",
  });
  const { rows, trouble } = readMapForm(form);
  match(trouble ?? "", /Unknown field "admin"/);
  strictEqual(rows[0]?.texts.address, "x");
  strictEqual(rows[0]?.id, 2);
});

Deno.test("inNotation() leaves alone what is no address", () => {
  const { rows } = readMapForm(new URLSearchParams({ version: "0", ...rowForm(1, { address: "soon" }) }));
  const head = textsOfMap(mapOfProfile(PROFILES[0] as never), "0-based").head;
  strictEqual(inNotation({ head, rows, notation: "0-based" }, "40001-style")[0]?.texts.address, "soon");
});
