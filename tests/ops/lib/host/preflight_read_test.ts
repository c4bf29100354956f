import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { MADE_BY } from "../../../../ops/lib/host/layout.ts";
import {
  isOurs,
  readConffiles,
  readForeignRules,
  readFreeMb,
  readListeners,
  readOwnAddresses,
  readParent,
  readPeers,
  readReleaseUrls,
  readResolved,
  readSshClient,
  readSystem,
  readUplinks,
  readWaysIn,
} from "../../../../ops/lib/host/preflight_read.ts";

Deno.test("readSystem() reads os-release with and without quotes", () => {
  const text = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\nID_LIKE=x\n`;
  deepStrictEqual(readSystem(text), { id: "debian", version: "12", name: "Debian GNU/Linux 12 (bookworm)" });
  strictEqual(readSystem(""), null);
});

Deno.test("readListeners() reads ss over both families, with programs and without", () => {
  const text = `udp   UNCONN 0      0            0.0.0.0:51820      0.0.0.0:*
tcp   LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=80,fd=4))
tcp   LISTEN 0      511    127.0.0.1%lo:80          0.0.0.0:*    users:(("nginx",pid=9,fd=6),("nginx",pid=8,fd=6))
`;
  deepStrictEqual(readListeners(text).map(({ protocol, port, program }) => [protocol, port, program]), [
    ["udp", 51_820, ""],
    ["tcp", 22, "sshd"],
    ["tcp", 80, "nginx"],
  ]);
});

Deno.test("readPeers() finds who is connected over SSH, IPv4 in IPv6 as IPv4", () => {
  const text = `0      0      [::ffff:203.0.113.5]:22     [::ffff:192.0.2.9]:51234
0      0               203.0.113.5:443         192.0.2.10:51235
0      0             [2001:db8::5]:22      [2001:db8:1::9]:51236
`;
  deepStrictEqual(readPeers(text, [22]), ["192.0.2.9", "2001:db8:1::9"]);
});

Deno.test("readResolved() has each address once", () => {
  const text = "192.0.2.1   STREAM energy\n192.0.2.1   DGRAM\n2001:db8::1  STREAM\n";
  deepStrictEqual(readResolved(text), ["192.0.2.1", "2001:db8::1"]);
});

Deno.test("readUplinks() reads by what a host is reached, and nothing where there is no route", () => {
  const text =
    '[{"dst":"default","gateway":"192.0.2.1","dev":"br-ex","flags":[]},{"dst":"default","dev":"br-ex"}]';
  deepStrictEqual(readUplinks(text), ["br-ex"]);
  deepStrictEqual([readUplinks(""), readUplinks("{}"), readUplinks("[{}]")], [[], [], []]);
});

Deno.test("readOwnAddresses() leaves out loopback, links and bridges of containers", () => {
  const of = (ifname: string, ...all: readonly string[]) => ({
    ifname,
    addr_info: all.map((local) => ({ local })),
  });
  const text = JSON.stringify([
    of("lo", "127.0.0.1", "::1"),
    of("eth0", "203.0.113.5", "2001:db8::5", "fe80::5"),
    of("docker0", "172.17.0.1"),
  ]);
  deepStrictEqual(readOwnAddresses(text), ["203.0.113.5", "2001:db8::5"]);
  deepStrictEqual(readOwnAddresses("no JSON"), []);
});

Deno.test("readSshClient() finds the client in an environment", () => {
  strictEqual(readSshClient("A=1\0SSH_CONNECTION=192.0.2.9 51234 203.0.113.5 22\0B=2\0"), "192.0.2.9");
  strictEqual(readSshClient("NOT_SSH_CONNECTION=192.0.2.9 1 2 3\0"), null);
});

Deno.test("readParent() is not fooled by the name of a program", () => {
  strictEqual(readParent("77 (a) S 1 b) S 42 77 77 0 -1"), 42);
  strictEqual(readParent(""), 0);
});

Deno.test("readFreeMb() reads df", () => {
  const text = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 50 2097152 2% /\n";
  strictEqual(readFreeMb(text), 2_048);
  strictEqual(readFreeMb(""), null);
});

Deno.test("readForeignRules() leaves out ours and what is to be kept", () => {
  const text = `Added user rules (see 'ufw status' for running firewall):
ufw allow 8080/tcp
ufw allow 9100/tcp comment 'keep: monitoring'
ufw limit 22/tcp comment 'Wattpost: SSH'
`;
  deepStrictEqual(readForeignRules(text), ["ufw allow 8080/tcp"]);
});

Deno.test("isOurs() looks at the beginning", () => {
  strictEqual(isOurs(`# ${MADE_BY}\nserver {}\n`), true);
  strictEqual(isOurs(`${"#".repeat(2_000)} ${MADE_BY}`), false);
});

Deno.test("readConffiles() reads checksums of a package", () => {
  const text = " /etc/nginx/nginx.conf 0123456789abcdef0123456789abcdef\n /etc/nginx/new newconffile\n";
  deepStrictEqual([...readConffiles(text)], [["/etc/nginx/nginx.conf", "0123456789abcdef0123456789abcdef"]]);
});

Deno.test("readReleaseUrls() reads what apt would fetch", () => {
  const text = "'http://deb.example.com/dists/a/InRelease' deb.example.com_a 0 \n'cdrom://x' y 0\n";
  deepStrictEqual(readReleaseUrls(text), ["http://deb.example.com/dists/a/InRelease"]);
});

Deno.test("readWaysIn() knows rules that let SSH in, whatever their comment, and no others", () => {
  const text = `Added user rules (see 'ufw status' for running firewall):
ufw limit from 192.0.2.0/24 to any port 22 proto tcp comment 'Wattpost: ssh'
ufw allow from 2001:db8::/48 to any port 2222 proto tcp
ufw deny from 192.0.2.9 to any port 22 proto tcp
ufw allow 22/tcp
`;
  deepStrictEqual(readWaysIn(text), [
    "from 192.0.2.0/24 to any port 22 proto tcp",
    "from 2001:db8::/48 to any port 2222 proto tcp",
  ]);
});
