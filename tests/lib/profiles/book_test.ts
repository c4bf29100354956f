import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  createProfileBook,
  OWN_KEPT_MAX,
  type OwnProfileId,
  ownProfileId,
  parseOwnProfileId,
} from "../../../lib/profiles/book.ts";
import { profileOf } from "../../../lib/profiles/mod.ts";
import { EMPTY_MAP, profileOfMap } from "../../../lib/profiles/register_map.ts";

Deno.test("a book finds the library at once, and people's own once they were loaded, each asked for once", async () => {
  const asked: (readonly OwnProfileId[])[] = [];
  const book = createProfileBook((ids) => {
    asked.push(ids);
    return Promise.resolve(
      ids.filter(({ mapId }) => mapId === 12).map((id) => profileOfMap({ ...EMPTY_MAP, name: "Mine" }, id)),
    );
  });
  strictEqual(book.find("eastron-sdm630"), profileOf("eastron-sdm630"));
  strictEqual(book.find("own-12@3"), undefined);
  await book.load(["own-12@3", "eastron-sdm630", "own-12@3", "own-13@1", "nobody"]);
  strictEqual(book.find("own-12@3")?.version, 3);
  strictEqual(book.find("own-13@1"), undefined, "there is no such map");
  await book.load(["own-12@3"]);
  deepStrictEqual(asked, [[{ mapId: 12, version: 3 }, { mapId: 13, version: 1 }]]);
});

Deno.test("parseOwnProfileId() reads what ownProfileId() writes, and nothing else", () => {
  deepStrictEqual(parseOwnProfileId(ownProfileId({ mapId: 12, version: 3 })), { mapId: 12, version: 3 });
  for (
    const text of [
      "own-12",
      "own-0@1",
      "own-1@0",
      "own-01@1",
      "own-1@1 ",
      "own--1@1",
      "own-1@1@1",
      "OWN-1@1",
      "",
    ]
  ) {
    strictEqual(parseOwnProfileId(text), null, text);
  }
});

Deno.test("a book forgets the versions asked for longest ago, and finds them again when they are loaded", async () => {
  const book = createProfileBook((ids) =>
    Promise.resolve(ids.map((id) => profileOfMap({ ...EMPTY_MAP, name: "Mine" }, id)))
  );
  const idOf = (n: number) => ownProfileId({ mapId: 1 + Math.floor(n / 999), version: 1 + n % 999 });
  await book.load(Array.from({ length: OWN_KEPT_MAX }, (_, n) => idOf(n)));
  await book.load([idOf(0), idOf(OWN_KEPT_MAX), idOf(OWN_KEPT_MAX + 1)]);
  const found = [0, 1, 2, 3, OWN_KEPT_MAX, OWN_KEPT_MAX + 1].map((n) => book.find(idOf(n)) !== undefined);
  deepStrictEqual(found, [true, false, false, true, true, true]);
  await book.load([idOf(1)]);
  strictEqual(book.find(idOf(1))?.id, idOf(1));
});

Deno.test("a cycle finds every version that it loaded, also more than a book remembers, while pages load others", async () => {
  const book = createProfileBook((ids) =>
    Promise.resolve(ids.map((id) => profileOfMap({ ...EMPTY_MAP, name: "Mine" }, id)))
  );
  const idsOf = (mapId: number, count: number) =>
    Array.from(
      { length: count },
      (_, n) => ownProfileId({ mapId: mapId + Math.floor(n / 999), version: 1 + n % 999 }),
    );
  const wanted = idsOf(1, OWN_KEPT_MAX + 500);
  const find = await book.load(wanted);
  await book.load(idsOf(100, OWN_KEPT_MAX));
  deepStrictEqual(wanted.filter((id) => find(id) === undefined), []);
  strictEqual(find("eastron-sdm630"), profileOf("eastron-sdm630"));
});

Deno.test("a book gives two who ask at once the same profile", async () => {
  const book = createProfileBook((ids) =>
    Promise.resolve(ids.map((id) => profileOfMap({ ...EMPTY_MAP, name: "Mine" }, id)))
  );
  const [one, other] = await Promise.all([book.load(["own-1@1"]), book.load(["own-1@1"])]);
  strictEqual(one("own-1@1"), other("own-1@1"));
});
