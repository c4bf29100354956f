import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type ArchiveFile, fixedArchive, isFixed, smallFiles } from "../../../../ops/lib/image/fixed.ts";

const MADE_S = 1_700_000_000;
const MADE = "2023-11-14T22:13:20Z";

const file = (name: string, value: unknown): ArchiveFile => ({
  name,
  bytes: new TextEncoder().encode(JSON.stringify(value)),
});

function savedAt(created: string): readonly ArchiveFile[] {
  const history = [{ created, created_by: "COPY . /" }, { created, created_by: "CMD", empty_layer: true }];
  const rootfs = { type: "layers", diff_ids: ["sha256:1"] };
  return [
    file("abc.json", { architecture: "amd64", config: { User: "65532" }, created, history, rootfs }),
    file("manifest.json", [{ Config: "abc.json", RepoTags: ["wattpost:dev"], Layers: ["1/layer.tar"] }]),
  ];
}

/** An archive in parts of a size, as a pipe would hand it over. */
async function* inParts(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.slice(at, at + size));
}

Deno.test("fixedArchive() gives builds of two days one digest, and keeps name, layers and settings", async () => {
  const builds = ["2026-11-28T09:00:00.1Z", "2026-11-29T10:00:00.2Z"].map((at) =>
    fixedArchive(savedAt(at), MADE_S)
  );
  const [one, other] = await Promise.all(builds);
  if (!one || !other) throw new Error("both are understood");
  deepStrictEqual(one, other);
  const files = await smallFiles(inParts(one.archive, 10_000));
  const [config, manifest] = files.map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)));
  strictEqual(`sha256:${files[0]?.name.replace(".json", "")}`, one.id);
  deepStrictEqual([config.created, config.history[1].created, config.config.User], [MADE, MADE, "65532"]);
  deepStrictEqual(manifest, [{
    Config: files[0]?.name,
    RepoTags: ["wattpost:dev"],
    Layers: ["1/layer.tar"],
  }]);
});

for (const size of [1, 511, 512, 513, 4_096]) {
  Deno.test(`smallFiles() reads an archive that comes in parts of ${size} bytes`, async () => {
    const made = await fixedArchive(savedAt(MADE), MADE_S);
    const files = await smallFiles(inParts(made?.archive ?? new Uint8Array(), size));
    deepStrictEqual(files.map(({ name }) => name.slice(-5)), [".json", ".json"]);
  });
}

Deno.test("fixedArchive() leaves alone what it does not understand", async () => {
  strictEqual(await fixedArchive([], MADE_S), null);
  strictEqual(await fixedArchive([file("manifest.json", [{ Config: "blobs/sha256/gone" }])], MADE_S), null);
  strictEqual(await fixedArchive([{ name: "manifest.json", bytes: new Uint8Array([123]) }], MADE_S), null);
});

Deno.test("isFixed() compares instants, however they are written", () => {
  strictEqual(isFixed(MADE, MADE_S), true);
  strictEqual(isFixed("2023-11-14T23:13:20+01:00", MADE_S), true);
  strictEqual(isFixed("2023-11-14T22:13:20.5Z", MADE_S), false);
});
