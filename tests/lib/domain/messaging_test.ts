import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  isHostName,
  isPhoneNumber,
  isSender,
  mailServerOf,
  smsAccountOf,
} from "../../../lib/domain/messaging.ts";

const SERVER = {
  host: "mail.example",
  port: 587,
  security: "starttls",
  user: "u",
  from: "a@b.example",
  fromName: "W",
};
const ACCOUNT = { accountSid: `AC${"0".repeat(32)}`, keySid: `SK${"f".repeat(32)}`, from: "+441632960000" };

Deno.test("mailServerOf() takes what was stored and nothing besides", () => {
  deepStrictEqual(mailServerOf({ ...SERVER, more: 1 }), SERVER);
  deepStrictEqual(mailServerOf({ ...SERVER, onThisMachine: true }), { ...SERVER, onThisMachine: true });
  for (const onThisMachine of [false, null, "on", 1]) {
    deepStrictEqual(mailServerOf({ ...SERVER, onThisMachine }), SERVER);
  }
  const broken = [
    null,
    "text",
    {},
    { ...SERVER, host: "" },
    { ...SERVER, port: 0 },
    { ...SERVER, port: 1.5 },
    { ...SERVER, port: "25" },
    { ...SERVER, security: "ssl" },
    { ...SERVER, from: "" },
    { ...SERVER, user: null },
  ];
  for (const stored of broken) strictEqual(mailServerOf(stored), null, JSON.stringify(stored));
});

Deno.test("smsAccountOf() takes what was stored and nothing besides", () => {
  deepStrictEqual(smsAccountOf({ ...ACCOUNT, more: 1 }), ACCOUNT);
  const broken = [null, {}, { ...ACCOUNT, accountSid: "AC1" }, { ...ACCOUNT, keySid: "" }, {
    ...ACCOUNT,
    from: "",
  }];
  for (const stored of broken) strictEqual(smsAccountOf(stored), null, JSON.stringify(stored));
});

const HOSTS = [
  ["mail.example", true],
  ["localhost", true],
  ["192.0.2.7", true],
  ["2001:db8::7", true],
  ["a-b.c-d.example", true],
  ["", false],
  ["-a.example", false],
  ["a-.example", false],
  ["a..example", false],
  ["a b", false],
  ["mail.example:25", false],
  ["[2001:db8::7]", false],
  ["smtp://mail.example", false],
  ["mail.example/x", false],
  ["mail.example\r\nX", false],
  [`${"a".repeat(64)}.example`, false],
] as const;

for (const [text, want] of HOSTS) {
  Deno.test(`isHostName() says ${want} to ${JSON.stringify(text)}`, () =>
    strictEqual(isHostName(text), want));
}

const SENDERS = [
  ["+441632960000", true, true],
  ["Wattpost", false, true],
  [`MG${"a".repeat(32)}`, false, true],
  ["12345", false, false],
  ["+0441632960000", false, false],
  ["+44", false, false],
  ["A name that is long", false, false],
  [" Watt", false, false],
  ["", false, false],
] as const;

for (const [text, phone, sender] of SENDERS) {
  Deno.test(`isPhoneNumber() and isSender() judge ${JSON.stringify(text)}`, () => {
    deepStrictEqual([isPhoneNumber(text), isSender(text)], [phone, sender]);
  });
}
