/** A page that needs no script. */
export default function Plain() {
  return <h1>Plain</h1>;
}
