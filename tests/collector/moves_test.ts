import { strictEqual } from "node:assert/strict";
import { createMoves } from "../../collector/moves.ts";
import { manualClock } from "../fakes/manual_clock.ts";

Deno.test("createMoves() tells how long the cycle stands still that moved least recently", async () => {
  const clock = manualClock(0);
  const moves = createMoves(clock);
  strictEqual(moves.stuckMs(), null, "nothing runs, nothing hangs");
  moves.note(100);
  await clock.advance(5_000);
  moves.note(101);
  await clock.advance(1_000);
  strictEqual(moves.stuckMs(), 6_000);
  moves.note(100);
  strictEqual(moves.stuckMs(), 1_000);
  await clock.advance(2_000);
  moves.noteAll();
  strictEqual(moves.stuckMs(), 0, "what they brought home is being stored");
  await clock.advance(3_000);
  moves.end(100);
  moves.end(101);
  strictEqual(moves.stuckMs(), null);
});
