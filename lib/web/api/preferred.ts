/**
 * Which of some types a program would rather have (RFC 9110, 12.5.1).
 *
 * @module
 */

/** Of some types the one that `Accept` likes best, the first of equals; `null`: it likes none. */
export function preferred(headers: Headers, types: readonly string[]): string | null {
  const accept = headers.get("accept");
  if (accept === null || accept.trim() === "") return types[0] ?? null;
  const ranges = accept.slice(0, 1_000).toLowerCase().split(",").map((part) => {
    const [range = "", ...parameters] = part.split(";").map((text) => text.trim());
    const weight = parameters.find((text) => text.startsWith("q="))?.slice(2);
    return { range, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const weightOf = (type: string) => {
    const [kind = ""] = type.split("/");
    for (const wanted of [type, `${kind}/*`, "*/*"]) {
      const found = ranges.find(({ range }) => range === wanted);
      if (found) return found.weight;
    }
    return 0;
  };
  const best = Math.max(...types.map(weightOf));
  return best > 0 ? types.find((type) => weightOf(type) === best) ?? null : null;
}
