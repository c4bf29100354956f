import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { expectedPorts, judgePorts, readListeners } from "../../../../ops/lib/doctor/ports.ts";

const SS = `udp   UNCONN 0      0            0.0.0.0:51820      0.0.0.0:*
udp   UNCONN 0      0      127.0.0.53%lo:53         0.0.0.0:*
tcp   LISTEN 0      511          0.0.0.0:80         0.0.0.0:*
tcp   LISTEN 0      511                *:443              *:*
tcp   LISTEN 0      128             [::]:22            [::]:*
tcp   LISTEN 0      80         127.0.0.1:3306       0.0.0.0:*
tcp   ESTAB  0      0          10.0.0.2:22         10.0.0.9:50000
no line of ss
`;

Deno.test("readListeners() reads what ss says, and only who listens", () => {
  deepStrictEqual(readListeners(SS).map(({ protocol, address, port }) => `${protocol} ${address} ${port}`), [
    "udp 0.0.0.0 51820",
    "udp 127.0.0.53 53",
    "tcp 0.0.0.0 80",
    "tcp * 443",
    "tcp :: 22",
    "tcp 127.0.0.1 3306",
  ]);
});

function judged(text: string) {
  return judgePorts(readListeners(text), expectedPorts(null, null));
}

Deno.test("a host at which only SSH and the web listen passes", () => {
  const outcome = judged(SS.split("\n").slice(1).join("\n"));
  strictEqual(outcome.verdict, "pass");
  match(outcome.evidence, /http.*SSH|SSH.*http/);
});

Deno.test("a database that everybody can reach fails, whatever its address is called", () => {
  for (const address of ["0.0.0.0", "*", "[::]", "192.0.2.7"]) {
    const outcome = judged(`tcp LISTEN 0 80 ${address}:3306 0.0.0.0:*`);
    strictEqual(outcome.verdict, "fail", address);
    match("remedy" in outcome ? outcome.remedy : "", /Let a database listen at 127.0.0.1 alone/);
  }
});

Deno.test("something else that can be reached is a warning that names it", () => {
  const outcome = judged(
    "tcp LISTEN 0 511 0.0.0.0:8000 0.0.0.0:*\ntcp LISTEN 0 511 127.0.0.1:9000 0.0.0.0:*",
  );
  strictEqual(outcome.verdict, "warn");
  match(outcome.evidence, /also tcp 0\.0\.0\.0:8000$/);
});

Deno.test("a host whose web server does not listen fails", () => {
  const settings = { secureCookies: true } as Parameters<typeof expectedPorts>[1];
  const outcome = judgePorts(
    readListeners("tcp LISTEN 0 9 0.0.0.0:22 0.0.0.0:*"),
    expectedPorts(null, settings),
  );
  strictEqual(outcome.verdict, "fail");
  match(outcome.evidence, /nobody listens for https \(tcp 443\)/);
});

Deno.test("a description that is not understood is as good as none", () => {
  deepStrictEqual(expectedPorts("{", null), expectedPorts(null, null));
});
