import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { EVERYBODY, parsePeopleQuery, peopleHref } from "../../../lib/ui/people_query.ts";

const CASES = [
  { name: "nothing", address: "", want: EVERYBODY },
  {
    name: "all it knows",
    address: "q=ada&role=viewer&state=locked&page=3",
    want: { q: "ada", role: "viewer", state: "locked", page: 3 },
  },
  { name: "what it does not know as any", address: "role=owner&state=toString&page=-1", want: EVERYBODY },
  { name: "no page beyond its limit", address: "page=100001", want: EVERYBODY },
  {
    name: "no search longer than 80",
    address: `q=${"x".repeat(99)}`,
    want: { ...EVERYBODY, q: "x".repeat(80) },
  },
] as const;

for (const { name, address, want } of CASES) {
  Deno.test(`parsePeopleQuery() understands ${name}`, () => {
    const query = parsePeopleQuery(new URLSearchParams(address));
    deepStrictEqual(query, want);
    const again = new URL(peopleHref(query), "https://wattpost.example").searchParams;
    deepStrictEqual(parsePeopleQuery(again), query, "its address leads back to it");
  });
}

Deno.test("peopleHref() leaves out what is any", () => strictEqual(peopleHref(EVERYBODY), "/admin/people"));
