import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { listAudit } from "../../../lib/store/audit.ts";
import { transaction } from "../../../lib/store/db.ts";
import {
  deleteMailLinks,
  findMailLink,
  forgetMailLinks,
  type MailLinkDraft,
  putMailLink,
  spendMailLink,
} from "../../../lib/store/mail_links.ts";
import { readSetting, writeSetting } from "../../../lib/store/settings.ts";
import { authorAt } from "../../fakes/author.ts";
import { onEveryEngine } from "./engines.ts";
import { NOW, valueOf } from "./people_rows.ts";

const BY = authorAt(NOW);
const DRAFT: MailLinkDraft = {
  tokenHash: "hash",
  purpose: "reset",
  userId: 7,
  detail: { email: "new@example.org" },
  nowMs: NOW,
  expiresMs: NOW + 1_000,
};
const QUERY = { tokenHash: "hash", purpose: "reset", nowMs: NOW } as const;

onEveryEngine(
  "spendMailLink() takes a link once, also twice at once, for its purpose and in time",
  async (db) => {
    await transaction(db, (tx) => putMailLink(tx, DRAFT));
    const spend = (query: Parameters<typeof spendMailLink>[1]) =>
      transaction(db, (tx) => spendMailLink(tx, query));
    strictEqual(await spend({ ...QUERY, purpose: "invite" }), false);
    strictEqual(await spend({ ...QUERY, nowMs: NOW + 1_000 }), false);
    strictEqual(await spend({ ...QUERY, userId: 8 }), false);
    const { expiresMs, detail, userId, purpose } = DRAFT;
    deepStrictEqual(await findMailLink(db, QUERY), { userId, purpose, detail, createdMs: NOW, expiresMs });
    deepStrictEqual([...await Promise.all([spend(QUERY), spend(QUERY)])].sort(), [false, true]);
    strictEqual(await findMailLink(db, QUERY), null);
  },
);

onEveryEngine("putMailLink() takes the place of open links of the same purpose and person", async (db) => {
  await transaction(db, async (tx) => {
    await putMailLink(tx, DRAFT);
    await putMailLink(tx, { ...DRAFT, tokenHash: "other person", userId: 8 });
    await putMailLink(tx, { ...DRAFT, tokenHash: "other purpose", purpose: "invite" });
    await putMailLink(tx, { ...DRAFT, tokenHash: "newer", detail: null });
  });
  strictEqual(await findMailLink(db, QUERY), null);
  strictEqual((await findMailLink(db, { ...QUERY, tokenHash: "newer" }))?.detail, null);
  strictEqual((await findMailLink(db, { ...QUERY, tokenHash: "other person" }))?.userId, 8);
  await transaction(db, (tx) => deleteMailLinks(tx, { userId: 7, purposes: ["reset"] }));
  strictEqual(await findMailLink(db, { ...QUERY, tokenHash: "newer" }), null);
  strictEqual(
    (await findMailLink(db, { ...QUERY, tokenHash: "other purpose", purpose: "invite" }))?.userId,
    7,
  );
  strictEqual(await forgetMailLinks(db, NOW + 1_000), 0);
  strictEqual(await forgetMailLinks(db, NOW + 1_001), 2);
});

const parse = (value: unknown) => value as { readonly roles: readonly string[] } | undefined;

onEveryEngine("writeSetting() tells the second of two who changed the same", async (db) => {
  deepStrictEqual(await readSetting(db, "second-factor", parse), { value: undefined, version: 0 });
  const write = (roles: readonly string[], version: number) =>
    writeSetting(db, BY, { name: "second-factor", value: { roles }, version });
  const first = await Promise.all([write(["viewer"], 0), write(["operator"], 0)]);
  strictEqual(first.filter(({ ok }) => ok).length, 1);
  strictEqual(valueOf(await write(["administrator"], 1)), 2);
  deepStrictEqual(await write([], 1), { ok: false, error: { kind: "changed" } });
  deepStrictEqual(await readSetting(db, "second-factor", parse), {
    value: { roles: ["administrator"] },
    version: 2,
  });
  const [entry] = await listAudit(db);
  deepStrictEqual([entry?.action, entry?.subject, entry?.after], [
    "setting-changed",
    "setting second-factor",
    { roles: ["administrator"] },
  ]);
  strictEqual((await listAudit(db)).length, 2);
});
