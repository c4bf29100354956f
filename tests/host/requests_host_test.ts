/**
 * On a host with systemd: fail2ban as our steps set it up, and the units by which a page ends a ban.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { formatUnbanRequests, parseBanList } from "../../lib/domain/ban.ts";
import { BAN_AFTER } from "../../ops/lib/host/bans.ts";
import { REQUEST_UNITS } from "../../ops/lib/host/bans_units.ts";
import { HOST_FILES, IDS, PATHS, REQUEST_FILES } from "../../ops/lib/host/layout.ts";
import { hostTest } from "./docker.ts";
import { until } from "./run.ts";
import { type StandIn, startStandIn } from "./stand_in.ts";

const GUESSER = "203.0.113.9";

/** What the base of a host gives besides: the app's user and the folders. */
async function prepare(host: StandIn): Promise<void> {
  const { name, id } = IDS.app;
  await host.must(["groupadd", "--gid", String(id), name]);
  await host.must(["useradd", "--uid", String(id), "--gid", name, "--no-create-home", name]);
  for (const [path, owner] of [[PATHS.host, "root"], [PATHS.requests, name], [PATHS.logs, name]] as const) {
    await host.must(["install", "-d", "-m", "750", "-o", owner, "-g", name, path]);
  }
}

/** Who is banned as the host tells the app; `undefined`: it has not told yet. */
async function told(host: StandIn): Promise<readonly string[] | undefined> {
  const { code, out } = await host.exec(["cat", `${PATHS.host}/${HOST_FILES.bans}`]);
  const list = parseBanList(out);
  return code === 0 && list.ok && list.value.fault === null
    ? list.value.bans.map(({ address }) => address)
    : undefined;
}

async function isTold(host: StandIn, addresses: readonly string[]): Promise<void> {
  await until(`the app is told ${addresses.join() || "of no ban"}`, async () => {
    return JSON.stringify(await told(host)) === JSON.stringify(addresses) || undefined;
  }, { deadlineMs: 120_000, everyMs: 1_000 });
}

hostTest(
  "a page ends a ban on a host, and fail2ban starts with what our steps wrote",
  async (docker, test) => {
    const host = await startStandIn(docker, { what: "requests" });
    await prepare(host);
    const apply = () =>
      host.deno(["run", "--no-check", "-A", "tests/host/apply_bans.ts"], { deadlineMs: 300_000 });

    await test.step("all jails stand, and the second time nothing is left to do", async () => {
      for (let time = 0; time < 2; time++) {
        const { code, out, err } = await apply();
        deepStrictEqual([code, out], [0, ""], err);
      }
      // It was started a moment ago, and listens once it has read everything.
      await until("all jails stand", async () => {
        const { out } = await host.exec(["fail2ban-client", "status"]);
        return /sshd, wattpost-limits, wattpost-sign-in/.test(out) || undefined;
      }, { deadlineMs: 120_000 });
    });

    await test.step("the app is told who is banned; a timer sees to it each minute", async () => {
      const line = `${new Date().toISOString()} wattpost sign-in refused from ${GUESSER} by password\n`;
      await host.exec(["tee", "-a", PATHS.signInLog], { input: line.repeat(BAN_AFTER.signIn.tries) });
      await host.must(["systemctl", "is-active", REQUEST_UNITS.timer]);
      await until("the ban stands", async () => {
        await host.exec(["systemctl", "start", REQUEST_UNITS.service]);
        return (await told(host))?.includes(GUESSER) || undefined;
      });
      const { out } = await host.exec(["stat", "-c", "%U:%G %a", `${PATHS.host}/${HOST_FILES.bans}`]);
      strictEqual(out.trim(), `root:${IDS.app.name} 640`);
    });

    await test.step("each timer of ours has a next time at which it elapses", async () => {
      const { code, out, err } = await host.deno(["run", "--no-check", "-A", "tests/host/apply_timers.ts"]);
      strictEqual(code, 0, err);
      const timers = out.trim().split("\n").toSorted();
      deepStrictEqual(timers, ["wattpost-certificate.timer", "wattpost-check.timer", REQUEST_UNITS.timer]);
      for (const timer of timers) {
        const shown = await host.must([
          "systemctl",
          "show",
          "-p",
          "ActiveState,NextElapseUSecRealtime",
          timer,
        ]);
        match(shown, /^ActiveState=active$/m, timer);
        // Where there is none the value is empty: it would never run again.
        match(shown, /^NextElapseUSecRealtime=\S+ \d{4}-\d\d-\d\d /m, timer);
      }
    });

    await test.step("what the app asks is done at once, by the unit that watches its folder", async () => {
      const id = String(IDS.app.id);
      const asApp = ["setpriv", "--reuid", id, "--regid", id, "--clear-groups"] as const;
      const path = `${PATHS.requests}/${REQUEST_FILES.unban}`;
      const request = formatUnbanRequests([{ address: GUESSER, askedMs: Date.now() }]);
      await host.exec([...asApp, "tee", `${path}.new`], { input: request });
      await host.exec([...asApp, "mv", `${path}.new`, path]);
      await isTold(host, []);
      const { out } = await host.exec(["fail2ban-client", "get", "wattpost-sign-in", "banip"]);
      strictEqual(out.trim(), "");
    });

    await test.step("bans outlast a restart of fail2ban", async () => {
      await host.must(["fail2ban-client", "set", "wattpost-sign-in", "banip", GUESSER]);
      await host.must(["systemctl", "restart", "fail2ban.service"]);
      await until("the ban stands again", async () => {
        const { out } = await host.exec(["fail2ban-client", "get", "wattpost-sign-in", "banip"]);
        return out.trim() === GUESSER || undefined;
      });
      const { out } = await host.exec(["nft", "list", "table", "inet", "f2b-table"]);
      match(out, /203\.0\.113\.9/);
    });
  },
);
