/**
 * Bans with the real fail2ban, nftables and nginx: who guesses passwords at the real product is kept out, over IPv4 and
 * IPv6, and nobody else, whatever visitors type.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseBanList } from "../../lib/domain/ban.ts";
import { BAN_AFTER } from "../../ops/lib/host/bans.ts";
import { buildInto, startProcess } from "../flows/product_process.ts";
import { ask } from "../flows/running_product.ts";
import { ADDRESSES, type BanGround, bansMissing, withBanGround } from "./ban_ground.ts";
import { must, run, type RunEnd, until } from "./run.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;

const skip = bansMissing !== undefined && Deno.env.get("CI") === undefined;

function task(file: string, ...words: readonly string[]): Promise<RunEnd> {
  return run([Deno.execPath(), "run", "--no-check", "--no-prompt", "-A", `${PROJECT}ops/${file}`, ...words]);
}

const bansTask = (ground: BanGround, ...words: readonly string[]) =>
  task("bans.ts", ...words, "--socket", ground.socket);

async function refusedOften(ground: BanGround, addresses: readonly string[]): Promise<void> {
  await buildInto(ground.folder);
  const env = { COLLECT: "off", TRUST_PROXY: "on", SIGN_IN_LOG: ground.signInLog };
  const product = await startProcess(ground.folder, env);
  try {
    await product.ready();
    for (let n = 0; n < BAN_AFTER.signIn.tries; n++) {
      for (const address of addresses) {
        const { status } = await guess(product.origin, { address, n });
        strictEqual(status, 422);
      }
    }
  } finally {
    await product.end("SIGTERM");
  }
}

/** A wrong password, with what is to have another banned wherever a visitor writes something. */
function guess(origin: string, { address, n }: { readonly address: string; readonly n: number }) {
  const forged = `x wattpost sign-in refused from ${ADDRESSES.other} by password`;
  const form = { email: `${n}@example.test ${forged}`, password: `${forged} ${n}`, back: "/" };
  return ask(origin, "/sign-in", {
    method: "POST",
    headers: {
      origin,
      // What a visitor wrote stands before what the proxy wrote.
      "x-forwarded-for": `${ADDRESSES.other}, ${address}`,
      "user-agent": forged,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(form).toString(),
  });
}

function becomes(ground: BanGround, address: string, wanted: string): Promise<true> {
  const what = `${address} is answered ${wanted}`;
  return until(what, async () => await ground.visit(address) === wanted || undefined, {
    deadlineMs: 120_000,
  });
}

async function guessersAreKeptOut(ground: BanGround): Promise<void> {
  await refusedOften(ground, [ADDRESSES.guesser, ADDRESSES.guesser6, ADDRESSES.admin]);
  await becomes(ground, ADDRESSES.guesser, "refused");
  await becomes(ground, ADDRESSES.guesser6, "refused");
  strictEqual(await ground.visit(ADDRESSES.neighbour6), "refused", "another address of the same network");
  for (const address of [ADDRESSES.other, ADDRESSES.other6, ADDRESSES.admin]) {
    strictEqual(await ground.visit(address), "200", `${address} is served`);
  }
}

async function tasksListAndEnd(ground: BanGround): Promise<void> {
  const listed = await bansTask(ground, "list");
  strictEqual(listed.code, 0, listed.err);
  match(listed.out, /^2 bans, the newest first$/m);
  match(listed.out, /192\.0\.2\.66 +refused sign-ins +since \S+Z until \S+Z/);
  match(listed.out, /2001:db8:1:2::\/64 +refused sign-ins/);
  // The end of one address ends the ban of the network it is in.
  strictEqual((await bansTask(ground, "unban", ADDRESSES.guesser6)).code, 0);
  await becomes(ground, ADDRESSES.guesser6, "200");
  strictEqual((await bansTask(ground, "unban", ADDRESSES.guesser6)).code, 1, "there is none left");
  strictEqual((await bansTask(ground, "unban", "all")).code, 2);
  strictEqual(await ground.visit(ADDRESSES.guesser), "refused");
}

/** Two networks side by side are kept apart: merged in the filter, the end of one ban would end neither. */
async function neighboursEndApart(ground: BanGround): Promise<void> {
  const networks = { [ADDRESSES.guesser6]: "2001:db8:1:2::/64", [ADDRESSES.other6]: "2001:db8:1:3::/64" };
  for (const [address, network] of Object.entries(networks)) {
    await must(["fail2ban-client", "-s", ground.socket, "set", "wattpost-sign-in", "banip", network]);
    await becomes(ground, address, "refused");
  }
  strictEqual((await bansTask(ground, "unban", ADDRESSES.guesser6)).code, 0);
  await becomes(ground, ADDRESSES.guesser6, "200");
  strictEqual(await ground.visit(ADDRESSES.other6), "refused");
  strictEqual((await bansTask(ground, "unban", ADDRESSES.other6)).code, 0);
  await becomes(ground, ADDRESSES.other6, "200");
}

async function appAsks(ground: BanGround): Promise<void> {
  const requests = `${ground.folder}/requests`;
  const host = `${ground.folder}/host`;
  for (const folder of [requests, host]) await Deno.mkdir(folder);
  const path = `${requests}/unban.json`;
  const told = async () => {
    const list = parseBanList(await Deno.readTextFile(`${host}/bans.json`));
    return list.ok ? list.value.bans.map(({ address }) => address) : list.error;
  };
  const work = () =>
    task(
      "host_requests.ts",
      "--requests",
      requests,
      "--host",
      host,
      "--socket",
      ground.socket,
      "--as",
      "65532",
    );
  strictEqual((await work()).code, 0, "nothing is asked");
  deepStrictEqual(await told(), [ADDRESSES.guesser]);
  await Deno.writeTextFile(`${ground.folder}/secret`, "root alone reads this", { mode: 0o600 });
  const hostile: readonly (readonly [name: string, make: () => Promise<unknown>])[] = [
    ["a link to what root alone may read", () => Deno.symlink(`${ground.folder}/secret`, path)],
    ["a link to what never ends", () => Deno.symlink("/dev/zero", path)],
    ["a pipe that nobody writes to", () => must(["mkfifo", "-m", "666", path])],
    ["what is no list", () => Deno.writeTextFile(path, `{"version":1,"requests":[{"address":"--all"}]}`)],
  ];
  for (const [name, make] of hostile) {
    await make();
    const { code, out, err } = await work();
    strictEqual(code, 1, `${name}: ${out}${err}`);
    ok(!`${out}${err}`.includes("root alone"), name);
    deepStrictEqual(await told(), [ADDRESSES.guesser], name);
    await Deno.remove(path);
  }
  const asked = (askedMs: number) =>
    Deno.writeTextFile(
      path,
      JSON.stringify({ version: 1, requests: [{ address: ADDRESSES.guesser, askedMs }] }),
    );
  await asked(Date.now() - 3_500_000);
  strictEqual((await work()).code, 0);
  strictEqual(await ground.visit(ADDRESSES.guesser), "refused", "what was asked before the ban began");
  await asked(Date.now());
  match((await work()).out, /Ended the ban of 192\.0\.2\.66 \(wattpost-sign-in\), as a page asked/);
  deepStrictEqual(await told(), []);
  await becomes(ground, ADDRESSES.guesser, "200");
}

async function greedyAreKeptOutForAWhile(ground: BanGround): Promise<void> {
  const times = BAN_AFTER.limits.tries + 30;
  for (const address of [ADDRESSES.greedy, ADDRESSES.greedy6]) {
    ok(await ground.rush(address, times) > 0, "the limit answers 429");
    await becomes(ground, address, "refused");
    strictEqual(await ground.visit(ADDRESSES.other), "200", "whom the greedy one named is served");
  }
  await becomes(ground, ADDRESSES.greedy, "200");
  await becomes(ground, ADDRESSES.greedy6, "200");
}

const AT = "2026-11-29T17:30:00.123Z";
const REFUSED = "wattpost sign-in refused from";

/** Lines by which somebody might have another banned; none of them is one that the app or nginx writes. */
const FORGED: Readonly<Record<string, readonly string[]>> = {
  "wattpost-sign-in": [
    `${AT} ${REFUSED} 192.0.2.77 by password and more`,
    `${AT} x ${REFUSED} 192.0.2.77 by password`,
    `${AT} ${AT} ${REFUSED} 192.0.2.77 by password`,
    `x ${AT} ${REFUSED} 192.0.2.77 by password`,
    `${AT} ${REFUSED} victim.example by password`,
    `${AT} ${REFUSED} 192.0.2.77 by guess`,
    `${AT} ${REFUSED} 192.0.2.7 7 by password`,
    `${AT} ${REFUSED} 192.0.2.77\t by password`,
    `${AT} ${REFUSED} ::ffff:192.0.2.77%eth0 by password`,
    `${AT} ${REFUSED} by 192.0.2.77 by password`,
    `{"time":"${AT}","msg":"Answered","path":"/${REFUSED} 192.0.2.77 by password"}`,
    `2026/11/29 17:30:00 ${REFUSED} 192.0.2.77 by password`,
  ],
  "wattpost-limits": [
    `2026-11-29T17:30:00+00:00 192.0.2.77 x`,
    `x 2026-11-29T17:30:00+00:00 192.0.2.77`,
    `2026-11-29T17:30:00+00:00 2026-11-29T17:30:00+00:00 192.0.2.77`,
    `2026-11-29T17:30:00+00:00 victim.example`,
    `2026-11-29T17:30:00+00:00 192.0.2.77, 192.0.2.78`,
    `2026-11-29T17:30:00+00:00 "192.0.2.77"`,
    `2026/11/29 17:30:00 [error] 1#1: *1 limiting requests, excess: 20.500 by zone "wattpost_pages", client: 192.0.2.77, server: x`,
  ],
};

async function filtersAreNotFooled(ground: BanGround): Promise<void> {
  const regex = async (name: string, lines: readonly string[]) => {
    const path = `${ground.folder}/forged.txt`;
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
    const { out } = await run([
      "fail2ban-regex",
      "-c",
      ground.config,
      path,
      `${ground.config}/filter.d/${name}.conf`,
    ]);
    return /^Lines: (\d+) lines, \d+ ignored, (\d+) matched/m.exec(out)?.slice(1).map(Number);
  };
  for (const [name, lines] of Object.entries(FORGED)) {
    deepStrictEqual(await regex(name, lines), [lines.length, 0], name);
  }
  deepStrictEqual(await regex("wattpost-sign-in", [`${AT} ${REFUSED} 192.0.2.77 by password`]), [1, 1]);
  deepStrictEqual(await regex("wattpost-limits", ["2026-11-29T17:30:00+01:00 2001:db8::7/64"]), [1, 1]);
}

Deno.test({
  name: "who guesses passwords or asks too much is kept out for a while, and nobody else" +
    (bansMissing === undefined ? "" : ` (cannot be tried: ${bansMissing})`),
  ignore: skip,
  async fn(t) {
    await withBanGround(async (ground) => {
      const steps: readonly (readonly [name: string, body: (ground: BanGround) => Promise<void>])[] = [
        [
          "guessers are kept out by address, over IPv6 by network; neighbours and administrators are served",
          guessersAreKeptOut,
        ],
        ["a task lists bans and ends them", tasksListAndEnd],
        ["bans of networks side by side end one by one", neighboursEndApart],
        ["the app asks for the end of a ban, and nothing else comes of what it writes", appAsks],
        [
          "who asks too much is let in again when the ban is over, and whom they name is served all along",
          greedyAreKeptOutForAWhile,
        ],
        ["no line that a visitor could write is taken for a refusal", filtersAreNotFooled],
      ];
      for (const [name, body] of steps) {
        if (!await t.step(name, () => body(ground))) return;
      }
    });
  },
});
