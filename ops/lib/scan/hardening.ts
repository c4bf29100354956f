/**
 * What image and containers may: Dockerfile and compose.yaml as they are written, and the containers that run.
 *
 * @module
 */

import type { Finding, Severity } from "../../../lib/domain/scan.ts";
import { type Check, NO_PROGRAM, notRun, ranBut, type ScanContext } from "./check.ts";

interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly what: string;
  readonly remedy: string;
}

/** A rule and whether a service's lines keep it. */
interface ComposeRule extends Rule {
  readonly kept: (lines: string) => boolean;
}

const list = (name: string, entry: string) => (lines: string) =>
  new RegExp(`^ *${name}:\\s*\\n(?: *- .*\\n)*? *- "?${entry}"?\\s*$`, "m").test(`${lines}\n`);

const COMPOSE: readonly ComposeRule[] = [
  {
    id: "read-only",
    severity: "medium",
    what: "may write to its whole image",
    remedy: "read_only: true, and tmpfs for what it writes",
    kept: (lines) => /^ *read_only: true$/m.test(lines),
  },
  {
    id: "capabilities",
    severity: "medium",
    what: "keeps capabilities that it does not need",
    remedy: "cap_drop: [ALL]",
    kept: list("cap_drop", "ALL"),
  },
  {
    id: "new-privileges",
    severity: "medium",
    what: "may gain privileges by programs with setuid",
    remedy: "security_opt: [no-new-privileges:true]",
    kept: list("security_opt", "no-new-privileges:true"),
  },
  {
    id: "user",
    severity: "medium",
    what: "runs as whoever its image says, which may be root",
    remedy: "user: with a number that is not 0",
    kept: (lines) => /^ *user: "?[1-9]\d*(?::[1-9]\d*)?"?$/m.test(lines),
  },
  {
    id: "memory",
    severity: "low",
    what: "may take all memory",
    remedy: "mem_limit",
    kept: (lines) => /^ *mem_limit: \S+$/m.test(lines),
  },
  {
    id: "processes",
    severity: "low",
    what: "may start processes without end",
    remedy: "pids_limit",
    kept: (lines) => /^ *pids_limit: [1-9]\d*$/m.test(lines),
  },
  {
    id: "published",
    severity: "critical",
    what: "publishes a port to everybody, past the firewall",
    remedy: 'ports: ["127.0.0.1:…"]',
    kept: (lines) => {
      const [, ports = ""] = /^ *ports:\s*\n((?: *- .*\n)+)/m.exec(`${lines}\n`) ?? [];
      return ports.split("\n").every((line) =>
        /^\s*$|^ *- "127\.0\.0\.1:(?:\d+|\$\{[A-Z_]+:-\d+\}):\d+"$/.test(line)
      );
    },
  },
  {
    id: "privileged",
    severity: "critical",
    what: "may do what the host may",
    remedy: "take privileged, host networks and Docker's socket away",
    kept: (lines) => !/privileged: true|network_mode: "?host|pid: "?host|docker\.sock/.test(lines),
  },
];

/** The check. */
export const hardeningCheck: Check = {
  name: "containers",
  about: "what image and containers may: Dockerfile, compose.yaml, and those that run",
  async run(context) {
    const { read, project } = context;
    const [image, compose] = await Promise.all(
      ["Dockerfile", "compose.yaml"].map((one) => read(`${project}/${one}`)),
    );
    if (image === null || image === undefined) return notRun("there is no Dockerfile");
    if (compose === null || compose === undefined) return notRun("there is no compose.yaml");
    const { looked, findings, missed } = await runningContainers(context);
    return ranBut(missed === null ? [] : [missed], {
      looked: `Dockerfile, compose.yaml and ${looked}`,
      findings: [...judgeDockerfile(image), ...judgeCompose(compose), ...findings],
    });
  },
};

function found(rule: Rule, where: string, whose = ""): Finding {
  const { id, severity, what, remedy } = rule;
  return { check: "containers", id, severity, what: `${whose}${what}`, where, remedy };
}

/** What is wrong with a Dockerfile; what counts is its last stage. */
export function judgeDockerfile(text: string): readonly Finding[] {
  const last = text.slice(text.lastIndexOf("\nFROM "));
  const rules: readonly (Rule & { readonly broken: boolean })[] = [
    {
      id: "image-user",
      severity: "high",
      what: "The image runs as root",
      remedy: "USER with a number that is not 0",
      broken: !/^USER [1-9]\d*(?::[1-9]\d*)?$/m.test(last),
    },
    {
      id: "image-base",
      severity: "medium",
      what: "The image is made from whatever is newest on that day",
      remedy: "FROM with a version",
      broken: /^FROM \S+:latest/m.test(text) ||
        /^FROM (?!scratch$)[a-z][a-z0-9./-]*(?:\s|$)/m.test(withoutStages(text)),
    },
    {
      id: "image-secret",
      severity: "critical",
      what: "A secret is kept in the image",
      remedy: "RUN --mount=type=secret while it is built, a file while it runs",
      broken: /^(?:ENV|ARG) .*(?:PASSWORD|SECRET|TOKEN|API_KEY)[A-Z_]*[= ]\S+/m.test(text),
    },
    {
      id: "image-download",
      severity: "medium",
      what: "What is downloaded is run unseen",
      remedy: "packages with sums, in place of curl into a shell",
      broken: /(?:curl|wget)[^\n]*\|\s*(?:ba)?sh/.test(text) || /^ADD https?:/m.test(text),
    },
    {
      id: "image-health",
      severity: "low",
      what: "Nobody notices an image that no longer answers",
      remedy: "HEALTHCHECK",
      broken: !/^HEALTHCHECK /m.test(last),
    },
  ];
  return rules.filter(({ broken }) => broken).map((rule) => found(rule, "Dockerfile"));
}

/** The text without stages that are made from earlier ones. */
function withoutStages(text: string): string {
  const stages = [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name = ""]) => name);
  return text.split("\n").filter((line) =>
    !stages.some((name) => line.startsWith(`FROM ${name} `) || line === `FROM ${name}`)
  ).join("\n");
}

/** What is wrong with the services of a compose file; what they take over from an anchor counts as theirs. */
export function judgeCompose(text: string): readonly Finding[] {
  const blocks = blocksOf(text);
  const services = [...blocks].filter(([name]) => name.startsWith("services."));
  if (services.length === 0) {
    return [found({
      id: "compose",
      severity: "medium",
      what: "No service is understood, so nothing of it was checked",
      remedy: "two blanks a level, as compose.yaml is written",
    }, "compose.yaml")];
  }
  return services.flatMap(([name, own]) => {
    const [, anchor = ""] = /^ *<<: \*(\S+)$/m.exec(own) ?? [];
    const taken = [...blocks.values()].find((lines) => lines.startsWith(`&${anchor}\n`)) ?? "";
    const service = name.slice("services.".length);
    const lines = `${own}\n${anchor === "" ? "" : taken}`;
    return COMPOSE.filter(({ kept }) => !kept(lines)).map((rule) =>
      found(rule, `compose.yaml ${service}`, `The service ${service} `)
    );
  });
}

/** Blocks by name: `services.app`, and those at the edge, which begin with their anchor. */
function blocksOf(text: string): ReadonlyMap<string, string> {
  const blocks = new Map<string, string>();
  let edge = "";
  let name = "";
  for (const line of text.split("\n")) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, outer, anchor = ""] = /^([\w-]+):(?:\s+(&\S+))?/.exec(line) ?? [];
    const [, inner] = /^ {2}([\w-]+):\s*$/.exec(line) ?? [];
    if (outer !== undefined) {
      edge = name = outer;
      blocks.set(name, `${anchor}\n`);
    } else if (edge === "services" && inner !== undefined) {
      name = `services.${inner}`;
      blocks.set(name, "");
    } else blocks.set(name, `${blocks.get(name) ?? ""}${line}\n`);
  }
  return blocks;
}

/** What was seen of our containers. */
interface SeenContainers {
  readonly looked: string;
  readonly findings: readonly Finding[];
  /** Why some may not have been seen; `null`: all were. */
  readonly missed: string | null;
}

/** Containers that are looked at. */
const CONTAINERS_MAX = 200;

/** Our containers that run; one that ends meanwhile is none. */
async function runningContainers({ run }: ScanContext): Promise<SeenContainers> {
  const none = (missed: string) => ({ looked: "no container", findings: [], missed });
  const listed = await run(["docker", "ps", "--quiet", "--no-trunc"], { deadlineMs: 15_000 });
  if (listed.code === NO_PROGRAM) {
    return { looked: "no container: there is no Docker", findings: [], missed: null };
  }
  if (listed.code !== 0) return none("Docker does not answer, so containers that run were not seen");
  const ids = listed.out.split("\n").filter((id) => /^[0-9a-f]{12,64}$/.test(id));
  if (ids.length === 0) return { looked: "no container: none runs", findings: [], missed: null };
  const { code, out, err } = await run(["docker", "inspect", ...ids.slice(0, CONTAINERS_MAX)]);
  const containers = parseInspect(out);
  const gone = err.split("\n").every((line) => line.trim() === "" || /no such object/i.test(line));
  if (containers === null || code !== 0 && !gone) return none("docker inspect is not understood");
  const ours = containers.filter(({ image }) => image.startsWith("wattpost"));
  return {
    looked: `${ours.length} containers of ours that run`,
    findings: ours.flatMap(judgeContainer),
    missed: ids.length > CONTAINERS_MAX ? `of ${ids.length} containers ${CONTAINERS_MAX} were seen` : null,
  };
}

/** A container as it runs. */
export interface RunningContainer {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly readOnly: boolean;
  readonly privileged: boolean;
  readonly network: string;
  /** Whose processes it sees: `host`, or empty for its own. */
  readonly processesOf: string;
  readonly dropped: readonly string[];
  readonly options: readonly string[];
  readonly memoryBytes: number;
  readonly processes: number;
  /** Addresses on which its ports are published. */
  readonly published: readonly string[];
  /** Paths outside and inside. */
  readonly mounts: readonly string[];
}

/** Reads `docker inspect`; `null`: it is not understood. */
export function parseInspect(text: string): readonly RunningContainer[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(readContainer) : null;
  } catch {
    return null;
  }
}

type Plain = Readonly<Record<string, unknown>>;

const plain = (value: unknown): Plain => typeof value === "object" && value !== null ? value as Plain : {};
const texts = (value: unknown): readonly string[] => Array.isArray(value) ? value.map(String) : [];

function readContainer(value: unknown): RunningContainer {
  const one = plain(value);
  const config = plain(one.Config);
  const host = plain(one.HostConfig);
  const bindings = Object.values(plain(host.PortBindings)).flatMap((all) => Array.isArray(all) ? all : []);
  return {
    name: String(one.Name ?? "").replace(/^\//, ""),
    image: String(config.Image ?? ""),
    user: String(config.User ?? ""),
    readOnly: host.ReadonlyRootfs === true,
    privileged: host.Privileged === true,
    network: String(host.NetworkMode ?? ""),
    processesOf: String(host.PidMode ?? ""),
    dropped: texts(host.CapDrop),
    options: texts(host.SecurityOpt),
    memoryBytes: Number(host.Memory ?? 0),
    processes: Number(host.PidsLimit ?? 0),
    published: bindings.map((binding) => String(plain(binding).HostIp ?? "")),
    mounts: (Array.isArray(one.Mounts) ? one.Mounts : []).flatMap((mount) => {
      const { Source: from, Destination: to } = plain(mount);
      return texts([from, to]);
    }),
  };
}

/** What a container that runs may and should not. */
export function judgeContainer(container: RunningContainer): readonly Finding[] {
  const { name, user, readOnly, privileged, network, dropped, options, memoryBytes, processes } = container;
  const broken: Readonly<Record<string, boolean>> = {
    "read-only": !readOnly,
    capabilities: !dropped.includes("ALL"),
    "new-privileges": !options.some((option) => /^no-new-privileges(:true)?$/.test(option)),
    user: !/^[1-9]/.test(user),
    memory: memoryBytes <= 0,
    processes: processes <= 0,
    published: container.published.some((address) => address !== "127.0.0.1" && address !== "::1"),
    privileged: privileged || network === "host" || container.processesOf === "host" ||
      container.mounts.some((path) => path.endsWith("docker.sock")),
  };
  return COMPOSE.filter(({ id }) => broken[id]).map((rule) =>
    found({ ...rule, id: `running-${rule.id}` }, name, `The container ${name} `)
  );
}
