/**
 * Certificates against a real authority, with the real certbot and the real nginx: everything that goes wrong is
 * provoked, and told in words.
 *
 * @module
 */

import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { issuedStep } from "../../ops/lib/host/certificate_steps.ts";
import { renewArgv } from "../../ops/lib/host/certificate_argv.ts";
import { servedLink } from "../../ops/lib/host/certificate_pair.ts";
import { liveFolder } from "../../ops/lib/host/certificate_place.ts";
import { ALIAS, CANNOT, DOMAIN, fakeTime, LATER, withCertificates } from "./certificate_scene.ts";
import { until } from "./run.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An address to which there is never a way, so that nobody answers there. */
const ELSEWHERE = "255.255.255.255";

Deno.test({
  name: "certificates are issued, renewed and proved; what goes wrong is said in words",
  ignore: CANNOT,
  fn: body,
});

async function body(t: Deno.TestContext): Promise<void> {
  await withCertificates(async (scene) => {
    const { acme, task, told, served, later, place, described } = scene;
    const own = await served();
    let serial = "";

    await t.step(
      "nginx starts with a pair of the host's own, and the app is told that it is one",
      async () => {
        const { code, text } = await task("prove");
        strictEqual(code, 1);
        match(text, /certificate {2}the host's own, which browsers refuse/);
        match(
          text,
          /lacking {6}not issued; expected: energy\.example\.com, www\.energy\.example\.com by https:/,
        );
        const { kind, servedSerial, names } = await told();
        deepStrictEqual([kind, servedSerial, names], ["self-signed", own, [DOMAIN, ALIAS]]);
      },
    );

    await t.step("without its authority a host goes on, and says what lacks and why", async () => {
      const step = issuedStep(described, place);
      await acme.down();
      await step.apply(scene.on);
      const { code, text } = await task("issue");
      await acme.up();
      deepStrictEqual([code, step.mayLack, await served()], [1, true, own]);
      match(
        (await step.check(scene.on))[0]?.is ?? "",
        /^not issued; last: The authority at https:\S+ cannot be reached/,
      );
      match(
        text,
        /^The authority at https:\S+ cannot be reached: the connection was refused\n {2}what to do: Look/,
      );
      strictEqual((await told()).trouble?.kind, "authority-unreachable");
    });

    await t.step("an authority under maintenance", async () => {
      const detail = "The service is down for maintenance or had an internal error";
      acme.refuse({ status: 503, type: "serverInternal", detail });
      const { text } = await task("issue");
      match(text, /^The authority at https:\S+ cannot work now: The service is down for maintenance/);
    });

    await t.step("an e-mail address that the authority refuses", async () => {
      const detail = "Error creating new account :: contact email has invalid domain";
      acme.refuse({ path: "/sign-me-up", status: 400, type: "invalidContact", detail });
      const { text } = await task("issue");
      acme.refuse(null);
      match(
        text,
        /^The authority refuses the e-mail address "ops@example\.com": .*contact email has invalid domain/,
      );
      match(text, /what to do: Correct certificates\.email in ops\/host\.json/);
    });

    await t.step("a name without an address is seen before the authority is asked", async () => {
      await acme.forget(ALIAS);
      const before = acme.asked();
      const { code, text } = await task("issue");
      deepStrictEqual([code, acme.asked()], [1, before]);
      match(
        text,
        /^"www\.energy\.example\.com" has no address: it is in no A or AAAA record\n {2}what to do: Correct/,
      );
      await acme.leads(ALIAS, ["127.0.0.1"]);
    });

    await t.step("a port 80 that answers from elsewhere is seen before the authority is asked", async () => {
      const before = acme.asked();
      const { text } = await task("issue", { place: { ...place, webroot: `${scene.folder}/nowhere` } });
      strictEqual(acme.asked(), before);
      match(text, /^"energy\.example\.com" leads here \(127\.0\.0\.1\), but on port \d+ another answer came/);
    });

    await t.step("a challenge that the authority refuses, with what it saw", async () => {
      const { text } = await task("issue --without-look", {
        place: { ...place, webroot: `${scene.folder}/nowhere` },
      });
      match(
        text,
        /^The authority got another answer for "\S+" than the one laid here: .*acme-challenge\/… returned 404/,
      );
      strictEqual((await told()).trouble?.kind, "challenge-refused");
    });

    await t.step("a name that leads elsewhere", async () => {
      await acme.forget(ALIAS);
      await acme.leads(ALIAS, [ELSEWHERE]);
      const { text } = await task("issue");
      await acme.forget(ALIAS);
      await acme.leads(ALIAS, ["127.0.0.1"]);
      match(
        text,
        /^"www\.energy\.example\.com" leads to 255\.255\.255\.255, which is no address of this host \(127\.0\.0\.1\)/,
      );
      strictEqual((await told()).trouble?.kind, "wrong-dns");
      await task("prove");
      strictEqual((await told()).trouble?.kind, "wrong-dns", "a look at nginx makes nobody forget it");
    });

    await t.step("after three failures within an hour nothing is asked until the hour is over", async () => {
      const before = acme.asked();
      const { code, text } = await task("issue");
      deepStrictEqual([code, acme.asked()], [1, before]);
      match(text, /^3 tries failed within an hour, so none is made until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
      later(HOUR_MS);
    });

    await t.step("a rate limit, of which certbot itself shows no more than an AttributeError", async () => {
      const end = new Date(Date.now() + 30 * HOUR_MS).toISOString().replace("T", " ").slice(0, 19);
      const detail =
        `too many certificates (5) already issued, retry after ${end} UTC: see https://letsencrypt.org`;
      acme.refuse({ path: "/order-plz", status: 429, type: "rateLimited", detail });
      const { text } = await task("issue");
      acme.refuse(null);
      match(
        text,
        /^The authority refuses more tries until \S+ \S+ UTC: too many certificates \(5\) already issued/,
      );
      match(text, /not before: \d{4}-/);
      const before = acme.asked();
      match((await task("issue")).text, /^The authority said that it refuses every try until/);
      strictEqual(acme.asked(), before);
      later(31 * HOUR_MS);
    });

    await t.step("a trial goes all the way and keeps nothing", async () => {
      const { code, text } = await task("issue --dry-run");
      deepStrictEqual([code, text], [0, "The trial succeeded; nothing was kept"]);
      strictEqual(await served(), own);
    });

    await t.step("the step of a host says what lacks and why, and issues it for all names", async () => {
      const step = issuedStep(described, place);
      const [lack] = await step.check(scene.on);
      match(lack?.is ?? "", /^not issued; last: .*refuses every try until/);
      match(
        lack?.does.join("\n") ?? "",
        /^certbot certonly .*--domain energy\.example\.com --domain www\.energy/,
      );
      await scene.on.kept.remove("certificate tries");
      await step.apply(scene.on);
      deepStrictEqual(await step.check(scene.on), []);
      const now = await told();
      deepStrictEqual([now.kind, now.names, now.lacking, now.trouble], ["issued", [DOMAIN, ALIAS], [], null]);
      serial = now.serial;
      deepStrictEqual([now.servedSerial, await served()], [serial, serial]);
      notStrictEqual(serial, own);
    });

    await t.step("what is issued is not asked for again", async () => {
      const before = acme.asked();
      const { code, text } = await task("issue");
      deepStrictEqual([code, acme.asked()], [0, before]);
      match(text, /issued by "Pebble Intermediate CA/);
      match(text, /days left\nnumber {7}[0-9A-F]+\nserved {7}this one$/);
      strictEqual((await task("renew")).code, 0);
      strictEqual(await served(), serial);
    });

    await t.step("a second certbot says that another one is running", async () => {
      const release = acme.hold();
      const first = task("renew --force");
      const before = acme.asked();
      await until("the first one asks", () => Promise.resolve(acme.asked() > before || undefined), {
        everyMs: 20,
      });
      const second = await task("renew --force");
      release();
      match(second.text, /^Another certbot is running on this host\n {2}what to do: Wait until it has ended/);
      strictEqual(second.code, 1);
      const { code, text } = await first;
      deepStrictEqual([code, text.split("\n")[0]], [0, "A new certificate was issued"]);
      const now = await told();
      notStrictEqual(now.serial, serial);
      deepStrictEqual([now.servedSerial, now.trouble], [now.serial, null]);
      serial = now.serial;
    });

    await t.step(
      "a hook that fails is seen although certbot ends well: the old one is still served",
      async () => {
        await scene.breakNginx(true);
        const { code, text } = await task("renew --force");
        strictEqual(code, 1);
        match(text, /^nginx goes on as it was: .*unknown directive "no_such_directive"/);
        match(text, /\nA new certificate was issued\n/);
        match(text, new RegExp(`served {7}another one, number ${serial}: deno task certificates prove`));
        const now = await told();
        deepStrictEqual([now.servedSerial, now.trouble?.kind], [serial, "nginx"]);
        notStrictEqual(now.serial, serial);
        await scene.breakNginx(false);
        strictEqual((await task("prove")).code, 0);
        strictEqual(await served(), now.serial);
        serial = now.serial;
      },
    );

    await t.step("what falls due is renewed by itself, and nginx serves the new one", async () => {
      const then = { ...place, env: { ...place.env, ...await fakeTime(61) } };
      const { code, text } = await task("renew", { place: then });
      strictEqual(code, 0, text);
      match(text, /^A new certificate was issued\n/);
      notStrictEqual(await served(), serial);
      serial = (await told()).serial;
      strictEqual(await served(), serial);
    });

    await t.step("a renewal that fails leaves the old one served, and says why", async () => {
      const then = { ...place, env: { ...place.env, ...await fakeTime(61) } };
      await acme.down();
      const { code, text } = await task("renew", { place: then });
      await acme.up();
      strictEqual(code, 1);
      match(text, /^The authority at https:\S+ cannot be reached: the connection was refused/);
      deepStrictEqual([await served(), (await told()).kind], [serial, "issued"]);
    });

    await t.step("after four certificates within a week none is forced until the week is over", async () => {
      const before = acme.asked();
      const { text } = await task("renew --force");
      strictEqual(acme.asked(), before);
      match(text, /^4 certificates were issued within a week, so none is asked for until/);
      later(8 * DAY_MS);
    });

    await t.step("another name is added, and the hook that tells nginx stays", async () => {
      const wish = { ...described, aliases: [ALIAS, LATER] };
      match((await task("status", { wish })).text, /lacking {6}issued without power\.example\.com/);
      const { code } = await task("renew", { wish });
      strictEqual(code, 0);
      deepStrictEqual((await told()).names.toSorted(), [DOMAIN, LATER, ALIAS]);
      strictEqual((await told()).servedSerial, (await told()).serial);
      ok((await Deno.stat(`${place.config}/renewal-hooks/deploy/wattpost`)).isFile);
    });

    await t.step("also an operator who calls certbot by hand has nginx told by the hook", async () => {
      const old = await served();
      const { code, out } = await scene.on.run(renewArgv(place, { force: true }), { env: place.env });
      strictEqual(code, 0, out);
      const now = await until("nginx serves another one", async () => {
        const serial = await served();
        return serial !== old && serial !== null ? serial : undefined;
      });
      match((await task("prove")).text, new RegExp(`number {7}${now}\nserved {7}this one\n`));
    });

    await t.step("a trial certificate does not take the place of a trusted one", async () => {
      const { code, text } = await task("issue --staging");
      strictEqual(code, 1);
      match(text, /^A certificate for a trial would take the place of the one that browsers trust/);
    });

    await t.step(
      "a link that leads nowhere is mended before nginx is started, to what was issued",
      async () => {
        const part = servedLink(place);
        deepStrictEqual(await part.check(scene.on), []);
        await Deno.remove(place.tls);
        await Deno.symlink("/nowhere", place.tls);
        const [drift] = await part.check(scene.on);
        deepStrictEqual([drift?.is, drift?.expected], [
          "a link to /nowhere",
          `a link to ${liveFolder(place)}`,
        ]);
        await part.apply(scene.on);
        strictEqual(await Deno.readLink(place.tls), liveFolder(place));
        strictEqual((await task("prove")).text.includes("served       this one"), true);
      },
    );

    await t.step("undone, nginx goes back to its own pair and nothing of certbot is left", async () => {
      await issuedStep(described, place).undo(scene.on);
      strictEqual(await Deno.readLink(place.tls), place.selfSigned);
      const left = [...Deno.readDirSync(place.config)].map(({ name }) => name);
      deepStrictEqual(left, ["renewal-hooks"]);
      strictEqual((await task("prove")).code, 1);
      strictEqual(await served(), own);
    });
  });
}
