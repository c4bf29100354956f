/** Part of a page, not a route. */
export function Part() {
  return <p>part</p>;
}
