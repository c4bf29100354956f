import { match, notStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { createLinkSigner, type LinkPurpose } from "../../../lib/auth/links.ts";
import { newToken } from "../../../lib/auth/token.ts";

const KEY = new Uint8Array(32).fill(7);
const PURPOSES: readonly LinkPurpose[] = ["invite", "reset", "email-old", "email-new"];

Deno.test("createLinkSigner() knows its own tokens again, each for its purpose alone", async () => {
  const signer = await createLinkSigner(KEY);
  for (const purpose of PURPOSES) {
    const { token, tokenHash } = await signer.make(purpose);
    match(token, /^[\w-]{43}\.[\w-]{22}$/);
    for (const other of PURPOSES) {
      strictEqual(await signer.read(other, token), other === purpose ? tokenHash : null);
    }
  }
});

Deno.test("createLinkSigner() never makes the same token twice", async () => {
  const signer = await createLinkSigner(KEY);
  notStrictEqual((await signer.make("reset")).token, (await signer.make("reset")).token);
});

Deno.test("createLinkSigner() refuses what it did not make", async () => {
  const signer = await createLinkSigner(KEY);
  const { token } = await signer.make("reset");
  const [random = "", signature = ""] = token.split(".");
  const last = signature.at(-1) === "A" ? "B" : "A";
  const forged = [
    "",
    random,
    `${random}.`,
    `.${signature}`,
    `${newToken()}.${signature}`,
    `${random}.${signature.slice(0, -1)}${last}`,
    `${random}.${signature}x`,
    `${random}.${signature}.${signature}`,
    `${token}\n`,
    ` ${token}`,
    "x".repeat(100_000),
  ];
  for (const text of forged) strictEqual(await signer.read("reset", text), null, text.slice(0, 100));
});

Deno.test("createLinkSigner() refuses the tokens of another key", async () => {
  const theirs = await createLinkSigner(new Uint8Array(32).fill(8));
  const ours = await createLinkSigner(KEY);
  strictEqual(await ours.read("invite", (await theirs.make("invite")).token), null);
  await rejects(createLinkSigner(new Uint8Array(16)), /16 bytes/);
});
