import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import compose from "../../../../compose.yaml" with { type: "text" };
import dockerfile from "../../../../Dockerfile" with { type: "text" };
import { judgeCompose, judgeDockerfile } from "../../../../ops/lib/scan/hardening.ts";
import { bitsOf, secretsIn } from "../../../../ops/lib/scan/secrets.ts";

Deno.test("judgeDockerfile() finds nothing in ours", () => deepStrictEqual(judgeDockerfile(dockerfile), []));

Deno.test("judgeCompose() finds nothing in our app, and names the service that may more", () => {
  const found = judgeCompose(compose);
  deepStrictEqual([...new Set(found.map(({ where }) => where))], ["compose.yaml mysql"]);
});

const DAMAGES = [
  { id: "read-only", from: "  read_only: true\n", to: "" },
  { id: "capabilities", from: "  cap_drop:\n    - ALL\n", to: "" },
  { id: "new-privileges", from: "    - no-new-privileges:true\n  mem", to: "    - label:disable\n  mem" },
  { id: "user", from: `user: "65532:65532"`, to: `user: "0:0"` },
  { id: "memory", from: "  mem_limit: 1g\n", to: "" },
  { id: "processes", from: "  pids_limit: 200\n", to: "" },
  { id: "published", from: '"127.0.0.1:${APP_PORT:-8000}:8000"', to: '"${APP_PORT:-8000}:8000"' },
  { id: "privileged", from: "  init: true\n", to: "  init: true\n  privileged: true\n" },
];
for (const { id, from, to } of DAMAGES) {
  Deno.test(`judgeCompose() finds a service without ${id}`, () => {
    ok(compose.includes(from), `compose.yaml has ${from}`);
    const found = judgeCompose(compose.replace(from, to));
    ok(found.some((one) => one.id === id && one.where === "compose.yaml app"), JSON.stringify(found));
  });
}

Deno.test("judgeCompose() takes a file that it does not understand for a finding", () => {
  strictEqual(judgeCompose("a: 1\n")[0]?.id, "compose");
});

const IMAGES = [
  { id: "image-user", from: /^USER .*$/m, to: "USER root" },
  { id: "image-base", from: /FROM debian:12-slim AS deno/, to: "FROM debian:latest AS deno" },
  { id: "image-base", from: /FROM debian:12-slim AS deno/, to: "FROM debian AS deno" },
  { id: "image-secret", from: /^USER /m, to: "ENV DB_PASSWORD=x\nUSER " },
  { id: "image-download", from: /^USER /m, to: "RUN curl https://x.example/i.sh | sh\nUSER " },
  { id: "image-health", from: /^HEALTHCHECK/m, to: "LABEL x" },
];
for (const { id, from, to } of IMAGES) {
  Deno.test(`judgeDockerfile() finds ${id} after "${to.split("\n")[0]}"`, () => {
    deepStrictEqual(judgeDockerfile(dockerfile.replace(from, to)).map((one) => one.id), [id]);
  });
}

// Put together here, so that this file holds none.
const chance = "q7Zk2LxV9pRt4WmB8sYc" + "1NdF6hGjQ3eU5aKo";
const SECRETS = [
  { id: "private-key", text: ["-----BEGIN RSA ", "PRIVATE KEY-----\n", "MIIE".repeat(16), "\n"].join("") },
  { id: "aws-key", text: `id = ${"AKIA"}${"ABCDEFGH23456789"}` },
  { id: "github-token", text: `${"gh"}p_${"a1B2".repeat(9)}` },
  { id: "url-password", text: `mysql://wattpost:${"s3cr3tPassw0rd"}@db.example/wattpost` },
  { id: "assigned", text: `const apiToken = "${chance}";` },
  { id: "assigned", text: `"smtp_password": "${chance}"` },
];
for (const { id, text } of SECRETS) {
  Deno.test(`secretsIn() finds ${id}, and does not repeat it: ${text.slice(0, 12)}`, () => {
    const found = secretsIn("a.ts", `one\n${text}\n`);
    deepStrictEqual(found.map((one) => one.id), [id]);
    doesNotMatch(JSON.stringify(found), new RegExp(chance));
    ok(found[0]?.what.startsWith("Line 2 "));
  });
}

const NONE = [
  `const password = "a sentence that is long enough";`,
  `token: "token-of-the-setup-page-here"`,
  `DATABASE_URL=mysql://user:password@host:3306/db`,
  `mysql://wattpost:THE_PASSWORD@mysql:3306/wattpost`,
  `password_hash text`,
  `-----BEGIN PRIVATE KEY----- is how it begins`,
];
for (const text of NONE) {
  Deno.test(`secretsIn() finds none in: ${text}`, () => deepStrictEqual(secretsIn("a.ts", text), []));
}

Deno.test("bitsOf() tells chance from words", () => {
  strictEqual(bitsOf("aaaa"), 0);
  strictEqual(bitsOf("abcd"), 2);
  ok(bitsOf(chance) > bitsOf("correct-horse-battery-staple"));
});
