/**
 * The demo's past: complete, exact in sum, with what went wrong where it should.
 *
 * @module
 */
import assert from "node:assert/strict";
import { endMsOf, endSOf, type HalfHour, halfHourOf } from "../../../lib/domain/half_hour.ts";
import type { ReadingRow } from "../../../lib/domain/visit.ts";
import { demoEstate } from "../../../lib/simulator/estate.ts";
import { metersOf } from "../../../lib/simulator/site.ts";
import type { ChannelHistory, SiteHistory } from "../../../lib/store/history.ts";
import { historyOf } from "../../../ops/lib/demo_history.ts";
import { planOfEstate } from "../demo_plan.ts";

const TO: HalfHour = halfHourOf(Date.UTC(2026, 10, 25, 3));
const DAYS = 4;
const FROM = TO - DAYS * 48;

/** A site without a second path, so that it hangs on its operator. */
const ONE_PATH = demoEstate(9, 1).findIndex(({ spec }) => spec.hosts.length === 1 && !spec.faults);

async function pastOf(place: number, operatorAway = false) {
  const site = demoEstate(place + 1, 1)[place];
  assert.ok(site);
  const plan = planOfEstate(site, FROM, place + 1);
  const pause = () => Promise.resolve();
  const past = await historyOf({ spec: site.spec, plan, to: TO, operatorAway, pause });
  return { site, plan, past };
}

function countersOf({ channels }: SiteHistory): readonly ChannelHistory[] {
  return channels.filter(({ kind }) => kind === "counter");
}

function hasValueOrOneReason(row: ReadingRow, counter: boolean): boolean {
  const read = row.value !== null || row.text !== undefined;
  if (read === (row.readingReason !== null)) return false;
  return counter ? (row.amount === null) === (row.amountReason !== null) : row.amountReason === null;
}

Deno.test("historyOf() gives every expected half-hour a value or exactly one reason", async () => {
  for (const place of [ONE_PATH, 2, 6, 9]) {
    const { past } = await pastOf(place, place === ONE_PATH);
    assert.equal(past.visits.length, DAYS * 48);
    for (const { kind, channelId, rows } of past.channels) {
      if (kind === "counter") assert.deepEqual([rows.length, rows[0]?.halfHour], [DAYS * 48, FROM]);
      for (const row of rows) {
        assert.ok(
          hasValueOrOneReason(row, kind === "counter"),
          `channel ${channelId}: ${JSON.stringify(row)}`,
        );
        if (row.readS !== null) assert.ok(row.readS < 320, `read ${row.readS} s late`);
      }
    }
  }
});

Deno.test("historyOf() keeps the sum of any run of half-hours equal to its boundary counters", async () => {
  const { past } = await pastOf(ONE_PATH, true);
  for (const { channelId, rows } of countersOf(past)) {
    for (const [a, b] of [[2, 191], [10, 60], [40, 50], [42, 47], [140, 141]] as const) {
      const [start, end] = [rows[a]?.boundary, rows[b]?.boundary];
      if (start === null || end === null || start === undefined || end === undefined) continue;
      const sum = rows.slice(a + 1, b + 1).reduce((total, { amount }) => total + (amount ?? NaN), 0);
      assert.equal(sum, end - start, `channel ${channelId}, half-hours ${a} to ${b}`);
    }
  }
});

Deno.test("historyOf() meters what the load drew", async () => {
  const { site, plan, past } = await pastOf(1);
  const devices = metersOf(site.spec).flat();
  const meter = plan.meters.findIndex(({ wholeSite }) => wholeSite);
  const channel = plan.channels.find((it) => it.meterId === meter + 1 && it.quantity === "importWh");
  const rows = past.channels.find(({ channelId }) => channelId === channel?.id)?.rows ?? [];
  const last = rows.findLast(({ boundary }) => boundary !== null);
  assert.ok(last?.boundary);
  const drawn = devices[meter]?.energyWhAt(endMsOf(last.halfHour)) ?? 0;
  assert.ok(Math.abs(last.boundary - drawn) < 1_500, `${last.boundary} Wh and ${drawn} Wh`);
});

Deno.test("historyOf() recovers what an operator's outage hid, and keeps why it was missing", async () => {
  const { past } = await pastOf(ONE_PATH, true);
  const away = past.visits.filter(({ halfHour }) => halfHour >= TO - 148 && halfHour < TO - 144);
  assert.deepEqual(away.map(({ outcome, reason, pathId }) => [outcome, reason, pathId]), [
    ["failed", "connect-timeout", null],
    ["failed", "connect-timeout", null],
    ["failed", "connect-timeout", null],
    ["failed", "connect-timeout", null],
  ]);
  for (const { rows } of countersOf(past)) {
    const hidden = rows.slice(-148, -144);
    assert.deepEqual(
      hidden.map(({ quality, readingReason, amountReason }) => [quality, readingReason, amountReason]),
      [
        ["recovered", "connect-timeout", null],
        ["recovered", "connect-timeout", null],
        ["recovered", "connect-timeout", null],
        ["recovered", "connect-timeout", null],
      ],
    );
  }
});

Deno.test("historyOf() leaves an open gap where a router hangs, and none elsewhere", async () => {
  const hanging = (await pastOf(9)).past;
  const counters = countersOf(hanging);
  assert.equal(hanging.openGaps.length, counters.length);
  for (const gap of hanging.openGaps) assert.ok(gap.halfHour < TO - 9 && gap.atS <= endSOf(TO - 10) + 320);
  assert.deepEqual(hanging.visits.at(-1)?.reason, "response-timeout");
  for (const { rows } of counters) assert.equal(rows.at(-1)?.amountReason, "no-later-reading-yet");
  const well = (await pastOf(1)).past;
  const failing = well.visits.at(-1)?.outcome === "failed";
  assert.equal(well.openGaps.length > 0, failing);
});

Deno.test("historyOf() reads a site over its second path while the main one refuses", async () => {
  const { past, plan } = await pastOf(2);
  const newest = past.visits.filter(({ outcome }) => outcome === "complete").at(-1);
  assert.equal(newest?.pathId, plan.paths[1]?.id);
  assert.deepEqual(newest?.attempts[0]?.reason, "refused");
  assert.equal(past.visits[0]?.attempts.length, 0);
});

Deno.test("historyOf() says which unit is silent in a partial visit", async () => {
  const { past, plan } = await pastOf(6);
  const newest = past.visits.at(-1);
  assert.deepEqual([newest?.outcome, newest?.reason], ["partial", "unit-silent"]);
  const silent = past.channels.filter(({ rows }) => rows.at(-1)?.readingReason === "unit-silent");
  const meters = new Set(
    silent.map(({ channelId }) => plan.channels.find(({ id }) => id === channelId)?.meterId),
  );
  assert.equal(meters.size, 1);
});
