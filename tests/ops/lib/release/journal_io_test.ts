import { rejects, strictEqual } from "node:assert/strict";
import { HostError } from "../../../../ops/lib/host/step.ts";
import { type Journals, openJournals } from "../../../../ops/lib/release/journal_file.ts";
import { doneLines, sampleDeploy } from "./samples.ts";

async function withJournals(body: (journals: Journals, folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(openJournals(`${folder}/deploys`), `${folder}/deploys`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a journal whose last line was cut off by a kill is gone on with", () =>
  withJournals(async (journals, folder) => {
    const lines = doneLines(sampleDeploy(), "preflight");
    for (const line of lines) await journals.add(17, line);
    await Deno.writeTextFile(`${folder}/000017.jsonl`, '{"atMs":1,"kind":"do', { append: true });
    await journals.add(17, { atMs: 20, kind: "begin", step: "sources" });
    const stand = await journals.read(17);
    strictEqual(stand?.steps.find(({ name }) => name === "preflight")?.state, "done");
    strictEqual(stand?.steps.find(({ name }) => name === "sources")?.state, "begun");
  }));

Deno.test("a journal that cannot be written is said in words, and so is one that cannot be read", () =>
  withJournals(async (journals, folder) => {
    await Deno.mkdir(`${folder}/000017.jsonl`, { recursive: true });
    await rejects(journals.add(17, { atMs: 1, kind: "resume" }), (error) => {
      return error instanceof HostError && /^Cannot write ".*000017\.jsonl": /.test(error.message);
    });
    await rejects(journals.read(17), (error) => {
      return error instanceof HostError && /^Cannot read ".*000017\.jsonl": /.test(error.message);
    });
  }));
