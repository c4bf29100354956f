/**
 * The certificate of the drill's host: issued by a real authority, renewed, and seen from outside to be another one.
 *
 * @module
 */
import { deepStrictEqual, match, notStrictEqual, strictEqual } from "node:assert/strict";
import { HOST_FILES, PATHS } from "../../ops/lib/host/layout.ts";
import { DOMAIN, type DrillScene } from "./drill_scene.ts";
import { until } from "./run.ts";

/** Renews it as the timer does and by force; whoever comes from outside sees the new one, and the app is told. */
export async function renewed(scene: DrillScene): Promise<void> {
  const { host } = scene;
  const first = await servedTo(scene);
  await host.must(["systemctl", "start", "wattpost-certificate.service"]);
  strictEqual(await servedTo(scene), first, "it is renewed although it is not due");
  const { code, out, err } = await host.task(["certificates", "renew", "--force"]);
  strictEqual(code, 0, out + err);
  match(out, /^A new certificate was issued$/m);
  const second = await servedTo(scene);
  notStrictEqual(second, first);
  const told = JSON.parse(await host.read(`${PATHS.host}/${HOST_FILES.certificate}`));
  deepStrictEqual([told.kind, told.serial, told.servedSerial, told.trouble], [
    "issued",
    second,
    second,
    null,
  ]);
  // Whoever calls certbot by hand has nginx told by the hook.
  await host.must(["certbot", "renew", "--force-renewal", "--no-random-sleep-on-renew", "-n"]);
  await until("another certificate is served", async () => await servedTo(scene) !== second || undefined);
  strictEqual((await host.task(["certificates", "status"])).code, 0);
}

/** Serial number of the certificate that a stranger is shown. */
async function servedTo({ host, stranger }: DrillScene): Promise<string> {
  const connect = ["s_client", "-connect", `${host.ipv4}:443`, "-servername", DOMAIN];
  const shown = await stranger.exec(["openssl", ...connect], { input: "" });
  const { out } = await stranger.exec(["openssl", "x509", "-noout", "-serial"], { input: shown.out });
  const [, serial] = /^serial=([0-9A-F]+)$/m.exec(out) ?? [];
  if (serial === undefined) throw new Error(`A stranger is shown no certificate: ${shown.out}${shown.err}`);
  return serial;
}
