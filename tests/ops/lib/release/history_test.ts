import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { keptReleases, previousOf, releaseNamed, servingOf } from "../../../../ops/lib/release/history.ts";
import { releaseReport } from "../../../../ops/lib/release/tell.ts";
import { doneLines, endedStand, sampleDeploy, sampleRelease, standAfter } from "./samples.ts";

const first = endedStand(
  sampleDeploy({ number: 1, colour: "blue", release: sampleRelease("r1-aaaaaaa"), before: null }),
);
const second = endedStand(sampleDeploy({ number: 2, colour: "green", release: sampleRelease("r2-bbbbbbb") }));
const failed = endedStand(
  sampleDeploy({ number: 3, colour: "blue", release: sampleRelease("r3-ccccccc") }),
  "undone",
);
const back = endedStand(
  sampleDeploy({ number: 4, kind: "rollback", colour: "blue", release: sampleRelease("r1-aaaaaaa") }),
);

Deno.test("servingOf() is the newest deploy that ended well; one that was taken back changed nothing", () => {
  strictEqual(servingOf([]), null);
  deepStrictEqual(servingOf([first, second, failed]), { colour: "green", release: second.deploy.release });
});

Deno.test("an open deploy serves once it is past the switch, and no more once it goes back", () => {
  const deploy = sampleDeploy({ number: 3, colour: "blue", release: sampleRelease("r3-ccccccc") });
  const before = standAfter(doneLines(deploy, "smoke"));
  const after = standAfter(doneLines(deploy, "switch"));
  const turned = standAfter([...doneLines(deploy, "switch"), { atMs: 0, kind: "turn", words: "no" }]);
  strictEqual(servingOf([first, second, before])?.release.name, "r2-bbbbbbb");
  strictEqual(servingOf([first, second, after])?.release.name, "r3-ccccccc");
  strictEqual(servingOf([first, second, turned])?.release.name, "r2-bbbbbbb");
});

Deno.test("previousOf() is the newest release that served before the present one, also after going back", () => {
  strictEqual(previousOf([first])?.name, undefined);
  strictEqual(previousOf([first, second, failed])?.name, "r1-aaaaaaa");
  strictEqual(previousOf([first, second, back]), null);
});

Deno.test("releaseNamed() knows releases that served, and none that was taken back", () => {
  strictEqual(releaseNamed([first, second, failed], "r2-bbbbbbb")?.name, "r2-bbbbbbb");
  strictEqual(releaseNamed([first, second, failed], "r3-ccccccc"), null);
});

Deno.test("keptReleases() keeps what serves and the newest others", () => {
  const kept = keptReleases([first, second, failed, back], { serving: "r1-aaaaaaa", most: 1 });
  deepStrictEqual(kept, ["r1-aaaaaaa", "r2-bbbbbbb"]);
});

Deno.test("the app is told what serves and how the last deploy ended", () => {
  const { release, deploy } = JSON.parse(releaseReport([first, second, failed], 5));
  deepStrictEqual([release, deploy.outcome, deploy.number], ["r2-bbbbbbb", "undone", 3]);
  strictEqual(JSON.parse(releaseReport([], 5)).deploy, null);
});
