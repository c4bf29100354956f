/**
 * The ground on which bans are tried: two network namespaces, a host with nginx and fail2ban and visitors with several
 * addresses of both families. fail2ban's configuration is the distribution's with our files in it.
 *
 * @module
 */

import {
  actionText,
  BAN_FILES,
  jailsText,
  limitsFilterText,
  serverText,
  signInFilterText,
} from "../../ops/lib/host/bans.ts";
import { PATHS } from "../../ops/lib/host/layout.ts";
import { logLines } from "../../ops/lib/host/nginx_log.ts";
import { exampleDescription } from "./example_description.ts";
import { type Argv, must, run, until } from "./run.ts";

const TOOLS = [
  "/usr/bin/fail2ban-server",
  "/usr/sbin/nft",
  "/usr/sbin/nginx",
  "/usr/bin/curl",
  "/usr/bin/setpriv",
];

/** Why bans cannot be tried here; `undefined`: they can. */
export const bansMissing: string | undefined = await missing();

/** Addresses of the ground. The administrator's network holds the administrator alone. */
export const ADDRESSES = {
  host: "192.0.2.1",
  host6: "2001:db8:1:1::1",
  guesser: "192.0.2.66",
  guesser6: "2001:db8:1:2::66",
  /** Of the same customer as the guesser over IPv6. */
  neighbour6: "2001:db8:1:2::67",
  other: "192.0.2.77",
  other6: "2001:db8:1:3::77",
  admin: "192.0.2.10",
  greedy: "192.0.2.88",
  greedy6: "2001:db8:1:4::88",
} as const;

/** Seconds that a ban lasts for whoever asks too much: short, so that its end is seen. */
const SHORT_BAN_S = 8;

/** The ground. */
export interface BanGround {
  /** Folder of everything; the product's data lies in `data`. */
  readonly folder: string;
  /** Socket of fail2ban. */
  readonly socket: string;
  /** Folder of fail2ban's configuration. */
  readonly config: string;
  /** The file that the app writes. */
  readonly signInLog: string;
  /** What a visitor with this address gets of the host: a status, or `refused`. */
  visit(address: string): Promise<string>;
  /** Asks often at once; how many were answered 429. */
  rush(address: string, times: number): Promise<number>;
}

async function missing(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "not root";
  for (const tool of TOOLS) {
    if (!await Deno.stat(tool).then(() => true, () => false)) return `there is no ${tool}`;
  }
  const { code } = await run(["ip", "netns", "list"]);
  return code === 0 ? undefined : "no network namespaces";
}

/** Makes the ground, and takes it away. */
export async function withBanGround(body: (ground: BanGround) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "bans-" });
  const id = crypto.getRandomValues(new Uint8Array(3)).toHex();
  const [host, visitors] = [`bn${id}s`, `bn${id}c`];
  const ended: Deno.ChildProcess[] = [];
  try {
    await Deno.chmod(folder, 0o755);
    await connect(host, visitors);
    const config = await configure(folder);
    const socket = `${folder}/fail2ban.sock`;
    const within: Argv = ["ip", "netns", "exec", host];
    const nginx = start([...within, "nginx", "-c", `${folder}/nginx.conf`]);
    ended.push(nginx);
    const server = start([
      ...within,
      "fail2ban-server",
      ...[
        "-c",
        config,
        "-s",
        socket,
        "-p",
        `${folder}/fail2ban.pid`,
        "--logtarget",
        `${folder}/fail2ban.log`,
      ],
      ...["-x", "-f", "start"],
    ]);
    ended.push(server);
    const ground: BanGround = {
      folder,
      socket,
      config,
      signInLog: `${folder}/data/sign-in.log`,
      visit: (address) => visit(visitors, address),
      rush: (address, times) => rush(visitors, address, times),
    };
    await until("nginx serves", async () => await ground.visit(ADDRESSES.other) === "200" || undefined);
    await until("fail2ban has both jails", async () => {
      const { out } = await run(["fail2ban-client", "-s", socket, "status"]);
      return /wattpost-limits, wattpost-sign-in/.test(out) || undefined;
    });
    await body(ground);
  } catch (error) {
    console.error(await Deno.readTextFile(`${folder}/fail2ban.log`).catch(() => "fail2ban said nothing"));
    throw error;
  } finally {
    for (const child of ended.reverse()) {
      child.kill("SIGTERM");
      await child.status;
    }
    for (const name of [host, visitors]) await run(["ip", "netns", "del", name]);
    await Deno.remove(folder, { recursive: true });
  }
}

function start([program, ...args]: Argv): Deno.ChildProcess {
  return new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null", stderr: "null" })
    .spawn();
}

async function connect(host: string, visitors: string): Promise<void> {
  for (const name of [host, visitors]) await must(["ip", "netns", "add", name]);
  await must(["ip", "link", "add", host, "netns", host, "type", "veth", "peer", visitors, "netns", visitors]);
  for (const name of [host, visitors]) {
    for (const link of ["lo", name]) await must(["ip", "-n", name, "link", "set", link, "up"]);
  }
  for (const [who, address] of Object.entries(ADDRESSES)) {
    const name = who.startsWith("host") ? host : visitors;
    const options = address.includes(":") ? [`${address}/48`, "nodad"] : [`${address}/24`];
    await must(["ip", "-n", name, "addr", "add", ...options, "dev", name]);
  }
}

/** fail2ban's own files with ours, which read the logs of this folder. */
async function configure(folder: string): Promise<string> {
  const config = `${folder}/fail2ban`;
  await must(["cp", "-r", "/etc/fail2ban", config]);
  const jails = `${config}/jail.d`;
  for await (const { name } of Deno.readDir(jails)) await Deno.remove(`${jails}/${name}`);
  const described = { ...exampleDescription(), adminNetworks: [`${ADDRESSES.admin}/32`] };
  const texts: Readonly<Record<string, string>> = {
    [BAN_FILES.action]: actionText(),
    [BAN_FILES.signInFilter]: signInFilterText(),
    [BAN_FILES.limitsFilter]: limitsFilterText(),
    [BAN_FILES.server]: `${serverText()}dbfile = None\n`,
    [BAN_FILES.jails]: jailsText(described)
      .replace(PATHS.signInLog, `${folder}/data/sign-in.log`)
      .replace(PATHS.limitLog, `${folder}/limits.txt`)
      .replace("[sshd]\nenabled = true", "[sshd]\nenabled = false") // there is no journal here
      .replace(/(?<=\[wattpost-limits\][^[]*\nbantime = )\d+/, String(SHORT_BAN_S)),
  };
  for (const [path, text] of Object.entries(texts)) {
    await Deno.writeTextFile(path.replace("/etc/fail2ban", config), text);
  }
  await Deno.mkdir(`${folder}/data`);
  for (const name of ["data/sign-in.log", "limits.txt"]) await Deno.writeTextFile(`${folder}/${name}`, "");
  await Deno.writeTextFile(`${folder}/nginx.conf`, nginxText(folder));
  return config;
}

/** A server with one limit, which writes its log of limits as every host does. */
function nginxText(folder: string): string {
  return `daemon off;
user root;
pid ${folder}/nginx.pid;
error_log ${folder}/error.txt;
events { worker_connections 512; }
http {
  ${logLines().join("\n  ")}
  limit_req_zone $binary_remote_addr zone=wattpost_pages:1m rate=5r/s;
  access_log off;
  server {
    listen 80;
    listen [::]:80;
    set $wattpost_zone pages;
    access_log ${folder}/limits.txt wattpost_limits if=$wattpost_limited;
    limit_req zone=wattpost_pages burst=5 nodelay;
    limit_req_status 429;
    location / { root ${folder}/none; try_files /none @served; }
    location /file/ { alias ${folder}/none/; }
    location @served { return 200 "served\\n"; }
  }
}
`;
}

const hostOf = (address: string) => address.includes(":") ? `[${ADDRESSES.host6}]` : ADDRESSES.host;

async function visit(visitors: string, address: string): Promise<string> {
  const { code, out } = await run([
    ...["ip", "netns", "exec", visitors, "curl", "-sg", "--interface", address, "--max-time", "5"] as const,
    ...["-o", "/dev/null", "-w", "%{http_code}", `http://${hostOf(address)}/`],
  ], { deadlineMs: 20_000 });
  return code === 0 ? out : "refused";
}

async function rush(visitors: string, address: string, times: number): Promise<number> {
  // Paths by which a visitor tries to write lines about another into the logs.
  const forged = `x%0a2026-11-29T17:30:00+00:00%20${ADDRESSES.other}%0ax`;
  const url = (n: number) => `url = "http://${hostOf(address)}/file/${forged}?${n}"\noutput = "/dev/null"\n`;
  const { out } = await run([
    ...["ip", "netns", "exec", visitors, "curl", "-sg", "--interface", address, "--max-time", "20"] as const,
    ...["-A", `x ${ADDRESSES.other}`, "-w", "%{http_code}\\n", "-K", "-"],
  ], { deadlineMs: 60_000, input: Array.from({ length: times }, (_, n) => url(n)).join("") });
  return out.split("\n").filter((status) => status === "429").length;
}
