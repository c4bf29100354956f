import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openMachine } from "../../../../ops/lib/host/machine.ts";
import { readDescription } from "../../../../ops/lib/host/describe.ts";
import { nginxConfig } from "../../../../ops/lib/host/nginx.ts";
import type { NginxOrder } from "../../../../ops/lib/host/nginx_arguments.ts";
import { runNginx } from "../../../../ops/lib/host/nginx_run.ts";

const EXAMPLE = new URL("../../../../ops/host.example.json", import.meta.url).pathname;

/** Runs the task beside a host; its exit code and what it printed. */
async function ran(order: NginxOrder, isRoot = false): Promise<readonly [number, string]> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-nginx-" });
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  try {
    const code = await runNginx(order, {
      on: openMachine(join(folder, "state")),
      isRoot,
      typed: (path) => path,
      print: say,
      complain: say,
      async inFolder(body) {
        const inner = join(folder, "tried");
        await Deno.mkdir(inner);
        return await body(inner);
      },
    });
    return [code, said.join("\n")];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task nginx print shows the whole text of a description for a system", async () => {
  const [code, said] = await ran({ command: "print", file: EXAMPLE, distribution: "ubuntu-22.04" });
  strictEqual(code, 0);
  const described = readDescription(await Deno.readTextFile(EXAMPLE));
  ok(described.ok);
  strictEqual(`${said}\n`, nginxConfig(described.value, { distribution: "ubuntu-22.04" }).config);
});

Deno.test("deno task nginx says where there is no description, and all that is wrong with one", async () => {
  const missing = await ran({ command: "print", file: "/none/host.json", distribution: "debian-12" });
  strictEqual(missing[0], 2);
  match(missing[1], /There is no description "\/none\/host\.json"/);
  const file = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(file, '{"domain":"x y","adminNetworks":"all"}');
  const wrong = await ran({ command: "print", file, distribution: "debian-12" });
  await Deno.remove(file);
  strictEqual(wrong[0], 2);
  match(wrong[1], /domain is .*\n\s+expected: /);
  match(wrong[1], /adminNetworks is /);
});

Deno.test("deno task nginx leaves to root what only root can do", async () => {
  for (const order of [{ command: "check", file: EXAMPLE }, { command: "maintenance", to: "on" }] as const) {
    const [code, said] = await ran(order);
    strictEqual(code, 1);
    match(said, /^Only root /);
  }
});

const setUp = await Deno.stat("/var/lib/wattpost-nginx").then(() => true, () => false);

Deno.test({
  name: "deno task nginx maintenance on says where there is no host to close",
  ignore: setUp,
  async fn() {
    strictEqual((await ran({ command: "maintenance", to: null }))[1], "The maintenance page is off");
    const [code, said] = await ran({ command: "maintenance", to: "on" }, true);
    strictEqual(code, 1);
    match(said, /This host was not set up: there is no \/var\/lib\/wattpost-nginx/);
  },
});

const isDebian = /^VERSION_ID="12"$/m.test(await Deno.readTextFile("/etc/os-release").catch(() => ""));

Deno.test({
  name:
    "deno task nginx check beside a host says what nginx refuses and what is not there, and changes nothing",
  ignore: setUp || Deno.uid() !== 0 || !isDebian,
  async fn() {
    const before = await Deno.readTextFile("/etc/nginx/nginx.conf").catch(() => null);
    const [code, said] = await ran({ command: "check", file: EXAMPLE }, true);
    strictEqual(code, 1);
    match(
      said,
      /^nginx -t refuses the configuration:\n\s+.*(cannot load certificate|there is no nginx here)/,
    );
    match(said, /\/usr\/share\/wattpost\/pages\/limited\.html is missing, expected as described/);
    match(said, /\/etc\/nginx\/nginx\.conf is (another text|missing), expected as described/);
    match(said, /… and \d+ more lines: deno task host plan has all of them/);
    match(said, /\d+ things are not as described: deno task host apply$/);
    strictEqual(await Deno.readTextFile("/etc/nginx/nginx.conf").catch(() => null), before);
    strictEqual(await Deno.stat("/usr/share/wattpost").then(() => true, () => false), false);
  },
});
