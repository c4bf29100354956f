/**
 * Settings of which the secrets may change while the process runs: who holds the configuration reads the new ones.
 *
 * @module
 */

/** Settings that are secrets. */
export interface SecretSettings {
  /** URL of the database, with its password. */
  readonly databaseUrl: string;
  /** What `/metrics` asks for. */
  readonly metricsToken: string | undefined;
  /** Keys for secrets at rest. */
  readonly secretsKey: string | undefined;
  /** Password of the mail server. */
  readonly smtpPassword: string | undefined;
  /** Secret of Twilio's API key. */
  readonly twilioSecret: string | undefined;
}

/** A configuration whose secrets follow. */
export interface LiveConfig<C extends SecretSettings> {
  /** The configuration; its secrets are those of the last renewal. */
  readonly config: C;
  /** Takes over the secrets of a configuration that was read anew. */
  renew(next: SecretSettings): Renewal;
}

/** What a renewal came to, by the names of settings. */
export interface Renewal {
  /** Taken over. */
  readonly changed: readonly string[];
  /** Changed, but only a restart takes them over. */
  readonly restart: readonly string[];
}

/** The secrets, by their names as settings. */
const SECRETS = {
  databaseUrl: "DATABASE_URL",
  metricsToken: "METRICS_TOKEN",
  secretsKey: "SECRETS_KEY",
  smtpPassword: "SMTP_PASSWORD",
  twilioSecret: "TWILIO_SECRET",
} as const;

type SecretField = keyof typeof SECRETS;

const FIELDS = Object.keys(SECRETS) as SecretField[];

/** Makes the secrets of a configuration follow renewals. */
export function createLiveConfig<C extends SecretSettings>(first: C): LiveConfig<C> {
  let held: SecretSettings = first;
  const followed = FIELDS.map((field) => [field, { enumerable: true, get: () => held[field] }]);
  const config = Object.defineProperties({ ...first }, Object.fromEntries(followed));
  return {
    config,
    renew(next) {
      const changed: SecretField[] = [];
      const restart: SecretField[] = [];
      for (const field of FIELDS) {
        if (next[field] === held[field]) continue;
        (mayChange(field, held, next) ? changed : restart).push(field);
      }
      held = { ...held, ...Object.fromEntries(changed.map((field) => [field, next[field]])) };
      const names = (fields: readonly SecretField[]) => fields.map((field) => SECRETS[field]);
      return { changed: names(changed), restart: names(restart) };
    },
  };
}

function mayChange(field: SecretField, held: SecretSettings, next: SecretSettings): boolean {
  switch (field) {
    case "databaseUrl":
      return isSameDatabase(held.databaseUrl, next.databaseUrl);
    case "secretsKey":
      // From a file of the data folder to a setting or back is another ring.
      return held.secretsKey !== undefined && next.secretsKey !== undefined;
    case "metricsToken":
    case "smtpPassword":
    case "twilioSecret":
      return true;
  }
}

/** Whether two URLs differ by user and password alone. */
function isSameDatabase(one: string, other: string): boolean {
  const place = (text: string) => {
    const url = text.startsWith("mysql:") ? URL.parse(text) : null;
    return url && `${url.host}${url.pathname}${url.search}`;
  };
  return place(one) !== null && place(one) === place(other);
}
