/**
 * Tells the colours that run in containers to read their secrets again: SIGHUP, which the first process of a container
 * passes on to the app.
 *
 * @module
 */

/** Runs Docker's client; its exit code and what it printed. 127: there is none. */
export type RunDocker = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;

/** Colours of a release, as compose.yaml calls its services. */
const COLOURS = ["blue", "green"] as const;

/** Containers of one colour at most; there is one, or two while one takes over from the other. */
const CONTAINERS_MAX = 10;

/**
 * Tells them; which ones by colour, and which could not be told.
 *
 * @param project The project of compose, which on a host is the installation's name.
 */
export async function tellContainers(
  docker: RunDocker,
  project: string,
): Promise<{ readonly told: readonly string[]; readonly failed: readonly string[] }> {
  const told: string[] = [];
  const failed: string[] = [];
  for (const colour of COLOURS) {
    const labels = [`project=${project}`, `service=${colour}`, "oneoff=False"];
    const filters = labels.flatMap((label) => ["--filter", `label=com.docker.compose.${label}`]);
    const listed = await docker(["ps", "--quiet", "--no-trunc", ...filters]);
    const ids = listed.out.split("\n").filter((id) => /^[0-9a-f]{64}$/.test(id));
    for (const id of ids.slice(0, CONTAINERS_MAX)) {
      const { code } = await docker(["kill", "--signal", "HUP", id]);
      (code === 0 ? told : failed).push(`${colour} (${id.slice(0, 12)})`);
    }
  }
  return { told, failed };
}
