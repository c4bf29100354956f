/**
 * What the drill is about: a stand-in with a real description, an administrator whose network is let in over SSH, and
 * a stranger, all on one network of both IP families.
 *
 * @module
 */
import type { Docker } from "./docker.ts";
import { startAuthority } from "./authority.ts";
import { type Killed, type KillEnd } from "./killer.ts";
import { type Outside, startOutside } from "./outside.ts";
import type { RunEnd } from "./run.ts";
import { PROJECT, type StandIn, startStandIn } from "./stand_in.ts";

/** Name of the host. */
export const DOMAIN = "energy.example.test";

/** The scene. */
export interface DrillScene {
  readonly host: StandIn;
  /** Comes from the networks of administrators, with the key of `deploy`. */
  readonly admin: Outside;
  /** Comes from there too, and has no key that counts. */
  readonly deputy: Outside;
  /** Comes from elsewhere. */
  readonly stranger: Outside;
  /** `deno task host …` on the host. */
  task(...words: readonly string[]): Promise<RunEnd>;
  /** `deno task host apply`, killed `delayMs` after it began step number `at`. */
  killedApply(at: number, options: { readonly delayMs: number; readonly what: Killed }): Promise<KillEnd>;
}

const TASK_MS = 900_000;

/** Starts all three and writes the description. */
export async function openScene(docker: Docker): Promise<DrillScene> {
  const network = await docker.network();
  const [authority, admin, deputy, stranger, host] = await Promise.all([
    startAuthority(docker, network),
    startOutside(docker, { what: "admin", network }),
    startOutside(docker, { what: "deputy", network }),
    startOutside(docker, { what: "stranger", network }),
    startStandIn(docker, {
      network,
      domains: [DOMAIN],
      docker: true,
      args: ["--device", "/dev/net/tun"],
    }),
  ]);
  await authority.trustOn(host);
  const { directory } = authority;
  const described = descriptionFor({ admin, deputy, directory });
  await host.write(`${PROJECT}/ops/host.json`, JSON.stringify(described, null, 2));
  const task = (...words: readonly string[]) => host.task(["host", ...words], { deadlineMs: TASK_MS });
  const killedApply: DrillScene["killedApply"] = async (at, { delayMs, what }) => {
    const apply = ["deno", "task", "--quiet", "host", "apply", "--yes"];
    const { out } = await host.deno(
      [
        "run",
        "--quiet",
        "--no-check",
        "--allow-all",
        "tests/host/killer.ts",
        `${at}`,
        `${delayMs}`,
        what,
        ...apply,
      ],
      { deadlineMs: TASK_MS },
    );
    return JSON.parse(out);
  };
  return { host, admin, deputy, stranger, task, killedApply };
}

/** The description of the host, as an operator writes it. */
function descriptionFor(
  { admin, deputy, directory }: Pick<DrillScene, "admin" | "deputy"> & { readonly directory: string },
): Readonly<Record<string, unknown>> {
  return {
    domain: DOMAIN,
    certificates: { email: "admin@example.test", directory },
    adminNetworks: [admin, deputy].flatMap(({ ipv4, ipv6 }) => [`${ipv4}/32`, `${ipv6}/128`]),
    ssh: { port: 22, keys: [admin.publicKey] },
    routers: { networks: ["10.20.0.0/16"], ports: [502] },
    vpn: { endpoint: DOMAIN, port: 51820, network: "10.90.0.0/16", network6: "fd90::/64" },
    timeZone: "Europe/Berlin",
    database: { kind: "sqlite" },
    limits: { logsMb: 64, journalMb: 64 },
  };
}
