/**
 * A real database server of one's own for a test run: a throwaway data folder, a free port on loopback, a
 * deadline on everything, nothing left behind. What MariaDB and MySQL do differently comes as a recipe.
 *
 * @module
 */

/** A running server. */
export interface Engine {
  /** Which one. */
  readonly name: "mariadb" | "mysql";
  /** What it says it is, such as `10.11.14`. */
  readonly version: string;
  /** A database that may be used at once, as `mysql://root@ADDRESS:PORT/wattpost`. */
  readonly url: string;
  /** Makes a new, empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Freezes the server as a machine that hangs does. */
  pause(): void;
  /** Lets a frozen server go on. */
  resume(): void;
  /** Ends the server without a word, as a power cut does. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and port, after `kill` or instead of a stop and a start. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. May be called twice. */
  stop(): Promise<void>;
}

/** How one kind of server is prepared, started and asked. Paths are as this machine sees them. */
export interface Recipe {
  /** Which one. */
  readonly name: Engine["name"];
  /** The address it listens at; loopback unless told. From elsewhere everybody who reaches it may come in. */
  readonly host?: string;
  /** Makes the folder for data, socket and log. */
  readonly makeFolder: () => Promise<string>;
  /** The command that fills an empty folder. */
  readonly prepare: (folder: string) => readonly string[];
  /** The command that serves the folder on a port. */
  readonly serve: (folder: string, port: number) => readonly string[];
  /** The command of the client, to which `--execute` and a statement are added. */
  readonly client: (folder: string) => readonly string[];
}

// The kernel ends the server with us, even when nobody can run a line any more.
const DIE_WITH_US = ["--pdeathsig", "KILL", "--"];
const LOOPBACK = "127.0.0.1";
const PREPARE_MS = 60_000;
const START_MS = 60_000;
const STOP_MS = 20_000;
const STATEMENT_MS = 20_000;
const ASK_AGAIN_MS = 100;
const LOG_SHOWN = 2_000;

/** What every server is told: one connection more than the tests need, durable enough for a kill, and small. */
export const SERVER_OPTIONS: readonly string[] = [
  "--user=root",
  "--skip-log-bin",
  "--max-connections=100",
  "--max-allowed-packet=64M",
  "--innodb-buffer-pool-size=512M",
  "--innodb-flush-log-at-trx-commit=2",
  "--skip-name-resolve",
  "--character-set-server=utf8mb4",
  "--pid-file=pid",
];

/** Prepares, starts and proves a server; whatever goes wrong, no process and no folder is left. */
export async function startServer(recipe: Recipe): Promise<Engine> {
  const folder = await recipe.makeFolder();
  const running: Running = { recipe, folder, port: freePort(), process: undefined };
  const onExit = () => {
    if (running.process) signal(running.process, "SIGKILL");
    Deno.removeSync(folder, { recursive: true });
  };
  globalThis.addEventListener("unload", onExit);
  const stop = async () => {
    globalThis.removeEventListener("unload", onExit);
    if (running.process) await end(running.process);
    await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  };
  try {
    await run(recipe.prepare(folder), PREPARE_MS);
    await serve(running);
    const ask = (statement: string) =>
      run([...recipe.client(folder), `--execute=${statement}`], STATEMENT_MS);
    const version = (await ask("SELECT VERSION()")).trim();
    const user = `'root'@'${recipe.host === undefined ? LOOPBACK : "%"}'`;
    await ask(`CREATE USER IF NOT EXISTS ${user}; GRANT ALL ON *.* TO ${user} WITH GRANT OPTION`);
    await ask("CREATE DATABASE wattpost");
    return engineOf({ running, version, ask, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Running {
  readonly recipe: Recipe;
  readonly folder: string;
  readonly port: number;
  process: Deno.ChildProcess | undefined;
}

interface Proven {
  readonly running: Running;
  readonly version: string;
  readonly ask: (statement: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

function engineOf({ running, version, ask, stop }: Proven): Engine {
  const urlOf = (database: string) =>
    `mysql://root@${running.recipe.host ?? LOOPBACK}:${running.port}/${database}`;
  const tell = (name: Deno.Signal) => running.process && signal(running.process, name);
  let databases = 0;
  const kill = async () => {
    running.process?.ref();
    tell("SIGKILL");
    await running.process?.status;
  };
  return {
    name: running.recipe.name,
    version,
    url: urlOf("wattpost"),
    async createDatabase() {
      const name = `test_${Deno.pid}_${++databases}`;
      await ask(`CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    pause: () => tell("SIGSTOP"),
    resume: () => tell("SIGCONT"),
    kill,
    async restart() {
      await kill();
      await serve(running);
    },
    stop,
  };
}

async function serve(running: Running): Promise<void> {
  const { recipe, folder, port } = running;
  const args = [...DIE_WITH_US, ...recipe.serve(folder, port), `--bind-address=${recipe.host ?? LOOPBACK}`];
  const process = new Deno.Command("setpriv", { args, stdin: "null", stdout: "null", stderr: "null" })
    .spawn();
  running.process = process;
  const state = { ended: false };
  process.status.then(() => state.ended = true);
  const [client, ...rest] = [...recipe.client(folder), "--execute=SELECT 1"];
  const giveUpAt = performance.now() + START_MS;
  while (performance.now() < giveUpAt && !state.ended) {
    const asked = new Deno.Command(client ?? "", {
      args: rest,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    if ((await asked.output()).success) return process.unref(); // it must not keep a program alive that is done
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  await end(process);
  const log = await Deno.readTextFile(`${folder}/error.log`).catch(() => "no log");
  throw new Error(`Cannot start ${recipe.name} within ${START_MS} ms: ${log.slice(-LOG_SHOWN)}`);
}

async function end(process: Deno.ChildProcess): Promise<void> {
  process.ref();
  signal(process, "SIGCONT");
  signal(process, "SIGTERM");
  const timer = setTimeout(() => signal(process, "SIGKILL"), STOP_MS);
  await process.status;
  clearTimeout(timer);
}

// A process that has ended cannot be told anything.
function signal(process: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    process.kill(name);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Runs a command to its end and gives what it printed; throws with its complaint, or after a deadline. */
export async function run(command: readonly string[], deadlineMs: number): Promise<string> {
  const [program, ...args] = command;
  const process = new Deno.Command(program ?? "", { args, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
  const timer = setTimeout(() => signal(process, "SIGKILL"), deadlineMs);
  const output = await process.output().finally(() => clearTimeout(timer));
  const text = new TextDecoder();
  if (output.success) return text.decode(output.stdout);
  const said = text.decode(output.stderr).slice(-LOG_SHOWN);
  throw new Error(`Cannot run ${command.join(" ")}: exit ${output.code}, limit ${deadlineMs} ms: ${said}`);
}

/** A port nobody has: taken and given back, for what cannot be asked to choose and restarts on the same one. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
