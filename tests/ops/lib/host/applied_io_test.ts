import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  beginApply,
  describedBefore,
  endApply,
  everythingKept,
  leftoversOf,
} from "../../../../ops/lib/host/applied.ts";
import { type HostDescription, USUAL_LIMITS } from "../../../../ops/lib/host/description.ts";
import { file, folder, step } from "../../../../ops/lib/host/kit.ts";
import type { Host, Step } from "../../../../ops/lib/host/step.ts";
import { withScene } from "./kit_scene.ts";

const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPCoG+0gShyYU5HXnr8PLBv8PzTXkuT2PnMDkSlA4bsy ada@example.com";

function described(port: number): HostDescription {
  return {
    domain: "energy.example.com",
    aliases: [],
    certificates: { email: "o@example.com", directory: "https://acme.example.com/d", staging: false },
    adminNetworks: ["192.0.2.0/24"],
    ssh: { port, keys: [KEY] },
    routers: { networks: ["198.51.100.0/24"], ports: [502] },
    vpn: null,
    timeZone: "Europe/Berlin",
    database: { kind: "sqlite" },
    limits: USUAL_LIMITS,
  };
}

/** A step without parts that says when it is undone. */
function ownStep(name: string, undone: string[]): Step {
  return {
    name,
    why: "",
    check: () => Promise.resolve([]),
    apply: () => Promise.resolve(),
    undo: () => Promise.resolve(void undone.push(name)),
  };
}

async function apply(on: Host, steps: readonly Step[]): Promise<void> {
  for (const one of steps) await one.apply(on);
}

Deno.test("leftoversOf() finds what the description no longer has, and leaves what it still has", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    const undone: string[] = [];
    await Deno.writeTextFile(at("sshd.conf"), "before\n");
    const stays = (text: string) => file({ path: at("sshd.conf"), text, owner });
    const old = [
      step("sshd", "", [stays("port 22\n"), file({ path: at("old.conf"), text: "old\n", owner })]),
      step("vpn", "", [
        folder({ path: at("vpn"), mode: 0o700, owner }),
        file({ path: at("vpn/a"), text: "", owner }),
      ]),
      ...["firewall", "tunnel"].map((name) => ownStep(name, undone)),
    ];
    await beginApply(on.kept, described(22), old);
    await apply(on, old);
    await endApply(on.kept, described(22), old);

    const present = [step("sshd", "", [stays("port 2222\n")]), ownStep("firewall", undone)];
    await beginApply(on.kept, described(2_222), present);
    deepStrictEqual((await describedBefore(on.kept)).map(({ ssh }) => ssh.port), [22, 2_222]);
    await apply(on, present);
    const left = await leftoversOf(on, { present, earlier: [old] });
    deepStrictEqual(left.map(({ name }) => name), [
      "tunnel",
      "vpn",
      `at ${at("old.conf")}`,
    ]);
    for (const { undo } of left) await undo(on);
    await endApply(on.kept, described(2_222), present);
    deepStrictEqual(await all(), ["sshd.conf 644 port 2222\n"]);
    deepStrictEqual(undone, ["tunnel"]);
    deepStrictEqual((await describedBefore(on.kept)).map(({ ssh }) => ssh.port), [2_222]);
    deepStrictEqual(await leftoversOf(on, { present, earlier: [] }), []);
    for (const one of present.toReversed()) await one.undo(on);
    deepStrictEqual(await all(), ["sshd.conf 644 before\n"]);
  });
});

Deno.test("leftoversOf() finds what an earlier release put there, whose steps nobody knows any more", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    const old = [step("old", "", [file({ path: at("old.conf"), text: "old\n", owner })])];
    await beginApply(on.kept, described(22), old);
    await apply(on, old);
    await endApply(on.kept, described(22), old);
    const [left, ...more] = await leftoversOf(on, { present: [], earlier: [] });
    strictEqual(more.length, 0);
    await left?.undo(on);
    deepStrictEqual(await all(), []);
  });
});

Deno.test("an apply that was killed is remembered, so that the next one takes away what it left", async () => {
  await withScene(async ({ on, at, owner, all }) => {
    const killed = [step("old", "", [file({ path: at("old.conf"), text: "old\n", owner })])];
    await beginApply(on.kept, described(22), killed);
    await apply(on, killed); // and no end
    const present = [step("new", "", [file({ path: at("new.conf"), text: "new\n", owner })])];
    await beginApply(on.kept, described(2_222), present);
    await apply(on, present);
    for (const { undo } of await leftoversOf(on, { present, earlier: [] })) await undo(on);
    deepStrictEqual(await all(), ["new.conf 644 new\n"]);
    for (const { undo } of await everythingKept(on)) await undo(on);
    deepStrictEqual(await all(), []);
  });
});
