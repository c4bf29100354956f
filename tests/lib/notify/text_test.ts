import { doesNotMatch, match, ok as isTrue, strictEqual } from "node:assert/strict";
import { instantWords } from "../../../lib/domain/instant.ts";
import {
  emailChangedMail,
  emailChangeNewMail,
  emailChangeOldMail,
  factorMail,
  invitationMail,
  passwordChangedMail,
  resetMail,
  testMail,
} from "../../../lib/notify/text.ts";
import { serverWords } from "../../../lib/notify/words.ts";

const ATTACK = `<img src=x onerror=alert(1)>"&`;
const LETTER = { to: "ana@example.org", name: `Ana ${ATTACK}`, publicUrl: "https://wattpost.example" };
const LINK = {
  ...LETTER,
  link: "https://wattpost.example/invite?token=abc.def",
  untilMs: Date.UTC(2026, 11, 2, 10, 5),
};
const AT = { ...LETTER, atMs: Date.UTC(2026, 11, 2, 10, 5), from: "203.0.113.7" };

const MAILS = [
  { name: "invitationMail()", mail: invitationMail({ ...LINK, invitedBy: `Priya ${ATTACK}` }), link: true },
  { name: "resetMail()", mail: resetMail(LINK), link: true },
  {
    name: "emailChangeOldMail()",
    mail: emailChangeOldMail({ ...LINK, newEmail: "new@example.org" }),
    link: true,
  },
  {
    name: "emailChangeNewMail()",
    mail: emailChangeNewMail({ ...LINK, oldEmail: "old@example.org" }),
    link: true,
  },
  { name: "emailChangedMail()", mail: emailChangedMail({ ...AT, newEmail: "new@example.org" }), link: false },
  { name: "passwordChangedMail()", mail: passwordChangedMail(AT), link: false },
  { name: "factorMail()", mail: factorMail({ ...AT, change: "passkey-added" }), link: false },
  { name: "testMail()", mail: testMail(AT), link: false },
];

for (const { name, mail, link } of MAILS) {
  Deno.test(`${name} says the same as text and as HTML, harmless and without pictures`, () => {
    const html = mail.html ?? "";
    strictEqual(mail.to, LETTER.to);
    doesNotMatch(html, /<img|<script|<[^>]*\b(src|onerror)=/);
    match(html, /Ana &lt;img/);
    match(mail.text, /Wed 2 Dec 2026, 10:05 UTC|E-mails of/);
    strictEqual(mail.text.split(LINK.link).length - 1, link ? 1 : 0);
    strictEqual(html.split(`href="${LINK.link}"`).length - 1, link ? 1 : 0);
    isTrue(mail.subject.length < 80 && !/[\r\n]/.test(mail.subject));
  });
}

Deno.test("invitationMail() says who invites", () => {
  match(
    invitationMail({ ...LINK, name: "", invitedBy: "Priya Nair" }).text,
    /^Hello,\n\nPriya Nair invites you/,
  );
});

Deno.test("instantWords() drops a leading zero of the day", () => {
  strictEqual(instantWords(Date.UTC(2026, 0, 5, 9, 7)), "Mon 5 Jan 2026, 09:07 UTC");
});

Deno.test("serverWords() is one short line without secrets", () => {
  const secret = "correct horse battery";
  const said = `535 no\r\n\u202e${secret} ${btoa(secret)} ${btoa(`\0ana\0${secret}`)} ${"x".repeat(300)}`;
  const words = serverWords(said, [secret, "ana"]);
  doesNotMatch(words, /correct|[\r\n\u202e]/);
  doesNotMatch(words, new RegExp(btoa(secret).slice(2, 20)));
  strictEqual(words.length, 200);
});

Deno.test("serverWords() leaves a sentence alone that holds a very short password", () => {
  strictEqual(serverWords("550 no such user", ["no"]), "550 no such user");
});
