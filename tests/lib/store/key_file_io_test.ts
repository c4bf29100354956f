import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { appendCheckpoint, CHECKPOINTS_KEPT } from "../../../lib/store/checkpoint_keeper.ts";
import { openKeyFile, readKeyFile, writeKeyFile } from "../../../lib/store/key_file.ts";
import { newRingKey } from "../../../lib/store/secret_box.ts";

async function inFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "wattpost-keys-" });
  try {
    await body(`${folder}/file`);
    strictEqual((await Array.fromAsync(Deno.readDir(folder))).length, 1, "nothing is left beside it");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openKeyFile() makes one key, for its owner alone, whoever starts together", async () => {
  await inFolder(async (path) => {
    strictEqual(await readKeyFile(path), null);
    const rings = await Promise.all(Array.from({ length: 8 }, () => openKeyFile(path)));
    strictEqual(new Set(rings.map(([key]) => key?.bytes.toHex())).size, 1);
    deepStrictEqual(await openKeyFile(path), rings[0]);
    strictEqual((await Deno.stat(path)).mode ?? 0, 0o100600);
  });
});

Deno.test("writeKeyFile() replaces the ring as a whole", async () => {
  await inFolder(async (path) => {
    const ring = [newRingKey(), ...await openKeyFile(path)];
    await writeKeyFile(path, ring);
    deepStrictEqual(await readKeyFile(path), ring);
    strictEqual((await Deno.stat(path)).mode ?? 0, 0o100600);
  });
});

Deno.test("readKeyFile() says what is wrong with a file and shows none of it", async () => {
  await inFolder(async (path) => {
    await Deno.writeTextFile(path, "hunter2\n");
    await rejects(readKeyFile(path), (error) => {
      ok(error instanceof Error);
      match(error.message, /file: key 1 is not an id/);
      return !error.message.includes("hunter2");
    });
  });
});

Deno.test("appendCheckpoint() keeps the newest states and lets the file grow no further", async () => {
  await inFolder(async (path) => {
    const state = { hash: "a".repeat(64), atMs: 1, keyId: "k", signature: "b".repeat(86) };
    const lines = Array.from(
      { length: CHECKPOINTS_KEPT + 5_000 },
      (_, i) => JSON.stringify({ seq: i + 1, ...state }),
    );
    await Deno.writeTextFile(path, `${lines.join("\n")}\n`);
    await appendCheckpoint(path, { seq: lines.length + 1, ...state });
    const kept = (await Deno.readTextFile(path)).trimEnd().split("\n");
    strictEqual(kept.length, CHECKPOINTS_KEPT);
    strictEqual(JSON.parse(kept.at(-1) ?? "").seq, lines.length + 1);
  });
});
