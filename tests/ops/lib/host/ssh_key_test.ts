import { match, ok, strictEqual } from "node:assert/strict";
import { readSshKey } from "../../../../ops/lib/host/ssh_key.ts";

const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A line of authorized_keys whose inside says what it is told. */
function line(type: string, parts: readonly Uint8Array[], inside = type): string {
  const bytes = [letters(inside), ...parts].flatMap((part) => {
    const { length } = part;
    return [length >>> 24, length >>> 16 & 255, length >>> 8 & 255, length & 255, ...part];
  });
  return `${type} ${btoa(String.fromCharCode(...bytes))} ada@example.com`;
}

const ed25519 = new Uint8Array(32).fill(7);
const point = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => at === 0 ? 4 : 9);
const e = Uint8Array.of(1, 0, 1);
const modulus = (bits: number) => Uint8Array.from({ length: bits / 8 + 1 }, (_, at) => at === 0 ? 0 : 0xc1);
const application = letters("ssh:");

const GOOD = [
  { name: "Ed25519", key: line("ssh-ed25519", [ed25519]) },
  { name: "Ed25519 of a security key", key: line("sk-ssh-ed25519@openssh.com", [ed25519, application]) },
  { name: "ECDSA", key: line("ecdsa-sha2-nistp384", [letters("nistp384"), point(97)]) },
  {
    name: "ECDSA of a security key",
    key: line("sk-ecdsa-sha2-nistp256@openssh.com", [letters("nistp256"), point(65), application]),
  },
  { name: "RSA with 3072 bits", key: line("ssh-rsa", [e, modulus(3_072)]) },
];

for (const { name, key } of GOOD) {
  Deno.test(`readSshKey() takes ${name}`, () => {
    const read = readSshKey(`  ${key}\n`);
    ok(read.ok, read.ok ? "" : read.error);
    strictEqual(`${read.value.type} ${read.value.base64} ${read.value.comment}`, key);
  });
}

const BAD = [
  { name: "an RSA key with 2048 bits", key: line("ssh-rsa", [e, modulus(2_048)]), says: /this one has 2048/ },
  { name: "DSA", key: line("ssh-dss", [ed25519]), says: /DSA is broken/ },
  {
    name: "a key whose inside is of another type",
    key: line("ssh-ed25519", [e, modulus(1_024)], "ssh-rsa"),
    says: /inside is another type/,
  },
  { name: "a key that was cut off", key: line("ssh-ed25519", [ed25519.subarray(1)]), says: /cut off/ },
  {
    name: "Base64 that was cut off",
    key: line("ssh-ed25519", [ed25519]).replace(/.{8} ada.*$/, ""),
    says: /cut off/,
  },
  { name: "something behind the key", key: line("ssh-ed25519", [ed25519, ed25519]), says: /cut off/ },
  {
    name: "a point of another curve",
    key: line("ecdsa-sha2-nistp256", [letters("nistp384"), point(97)]),
    says: /cut off/,
  },
  { name: "no Base64", key: "ssh-ed25519 AAAA!!!!", says: /no Base64/ },
  { name: "options before the key", key: `from="192.0.2.1" ${GOOD[0]?.key}`, says: /without options/ },
  { name: "a certificate", key: "ssh-ed25519-cert-v01@openssh.com AAAA", says: /not a certificate/ },
  { name: "two lines", key: `${GOOD[0]?.key}\n${GOOD[0]?.key}`, says: /on one line/ },
  {
    name: "a private key",
    key: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA",
    says: /make a new pair/,
  },
  { name: "nothing", key: "", says: /a public key on one line/ },
];

for (const { name, key, says } of BAD) {
  Deno.test(`readSshKey() refuses ${name}`, () => {
    const read = readSshKey(key);
    match(read.ok ? "" : read.error, says);
  });
}
