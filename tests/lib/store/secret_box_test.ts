import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  createSecretBox,
  formatKeyRing,
  newRingKey,
  readKeyRing,
  type RingKey,
} from "../../../lib/store/secret_box.ts";

const FIRST: RingKey = { id: "first", bytes: new Uint8Array(32).fill(1) };
const SECOND: RingKey = { id: "second", bytes: new Uint8Array(32).fill(2) };

Deno.test("SecretBox opens what it sealed under its name, each sealing another text", async () => {
  const box = await createSecretBox([FIRST]);
  const sealed = await box.seal("smtp-password", "päss word");
  match(sealed, /^v1\.first\.[\w-]{16}\.[\w-]+$/);
  deepStrictEqual(await box.open("smtp-password", sealed), { ok: true, value: "päss word" });
  notStrictEqual(await box.seal("smtp-password", "päss word"), sealed);
  ok(!sealed.includes("ss word"));
});

Deno.test("SecretBox opens nothing that was moved, changed or cut", async () => {
  const box = await createSecretBox([FIRST]);
  const sealed = await box.seal("totp:7", "seed");
  const broken = { ok: false, error: { kind: "broken" } };
  deepStrictEqual(await box.open("totp:8", sealed), broken);
  const [version, id, iv, text = ""] = sealed.split(".");
  const flipped = text.startsWith("A") ? `B${text.slice(1)}` : `A${text.slice(1)}`;
  for (
    const bad of [
      [version, id, iv, flipped],
      [version, id, iv, text.slice(0, 8)],
      [version, id, "", text],
      [version, id, iv, "!!"],
      ["v2", id, iv, text],
      [version, id, iv, text, "x"],
      [""],
    ]
  ) {
    deepStrictEqual(await box.open("totp:7", bad.join(".")), broken);
  }
  const other = await createSecretBox([{ ...SECOND, id: "first" }]);
  deepStrictEqual(await other.open("totp:7", sealed), broken);
});

Deno.test("SecretBox opens by every key of the ring, seals by the first, and names a key that is missing", async () => {
  const sealed = await (await createSecretBox([FIRST])).seal("a", "b");
  const both = await createSecretBox([SECOND, FIRST]);
  deepStrictEqual([both.keyId, both.keyIds], ["second", ["second", "first"]]);
  deepStrictEqual(await both.open("a", sealed), { ok: true, value: "b" });
  match(await both.seal("a", "b"), /^v1\.second\./);
  const unknown = { kind: "unknown-key", keyId: "first" };
  deepStrictEqual(await (await createSecretBox([SECOND])).open("a", sealed), { ok: false, error: unknown });
});

Deno.test("SecretBox follows a ring that is changed while it runs", async () => {
  let ring: readonly RingKey[] | null = [FIRST];
  const box = await createSecretBox([FIRST], () => Promise.resolve(ring));
  const sealed = await (await createSecretBox([SECOND])).seal("a", "b");
  ring = null;
  strictEqual((await box.open("a", sealed)).ok, false);
  ring = [SECOND, FIRST];
  deepStrictEqual(await box.open("a", sealed), { ok: true, value: "b" });
  match(await box.seal("a", "b"), /^v1\.second\./);
});

Deno.test("readKeyRing() reads what formatKeyRing() writes, lines or commas", () => {
  const ring = [FIRST, newRingKey()];
  deepStrictEqual(readKeyRing(formatKeyRing(ring)), { ok: true, value: ring });
  const text = `# two keys\n ${formatKeyRing([FIRST]).trim()} , ${formatKeyRing([SECOND])}`;
  deepStrictEqual(readKeyRing(text), { ok: true, value: [FIRST, SECOND] });
});

const WRONG = [
  { name: "nothing", text: " \n# a comment" },
  { name: "31 bytes", text: `a:${new Uint8Array(31).toBase64()}` },
  { name: "an id with a dot", text: `a.b:${new Uint8Array(32).toBase64()}` },
  { name: "no id", text: new Uint8Array(32).toBase64() },
  { name: "the same id twice", text: `a:${FIRST.bytes.toBase64()}\na:${SECOND.bytes.toBase64()}` },
  { name: "21 keys", text: formatKeyRing(Array.from({ length: 21 }, newRingKey)) },
];
for (const { name, text } of WRONG) {
  Deno.test(`readKeyRing() refuses ${name} and shows none of it`, () => {
    const read = readKeyRing(text);
    ok(!read.ok && !read.error.includes("AAAA") && !read.error.includes("AQEB"));
  });
}
