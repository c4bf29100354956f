/**
 * A stand-in of the official image of MySQL, which no registry hands us: the tests' own MySQL, entered by chroot, started
 * by the variables and files that compose.yaml gives the official one.
 *
 * @module
 */
import { buildMysql, mysqlRoot } from "../engines/mysql.ts";
import type { Docker } from "../host/docker.ts";
import { ensureImage, SLIM_IMAGE } from "../host/images.ts";

const TAG = "wattpost-test-mysql:9";

const START = `#!/bin/sh
set -eu
umask 077
folder=/mysql/var/lib/mysql
password=$(cat "$MYSQL_PASSWORD_FILE")
mkdir -p "$folder/tmp"
cat > "$folder/init.sql" <<END
CREATE DATABASE IF NOT EXISTS \\\`$MYSQL_DATABASE\\\`;
CREATE USER IF NOT EXISTS '$MYSQL_USER'@'%' IDENTIFIED BY '$password';
GRANT ALL ON \\\`$MYSQL_DATABASE\\\`.* TO '$MYSQL_USER'@'%';
END
common="--no-defaults --user=root --datadir=/var/lib/mysql/data --tmpdir=/var/lib/mysql/tmp"
[ -d "$folder/data" ] || chroot /mysql mysqld $common --initialize-insecure
exec chroot /mysql mysqld $common --mysqlx=OFF --pid-file=/var/lib/mysql/pid \\
  --socket=/var/lib/mysql/socket --init-file=/var/lib/mysql/init.sql "$@"
`;

const ADMIN = `#!/bin/sh
exec chroot /mysql mysqladmin --no-defaults "$@"
`;

const RECIPE = `FROM ${SLIM_IMAGE}
COPY start mysqladmin /usr/local/bin/
ENTRYPOINT ["start"]
`;

/** Makes the image; its name. */
export async function mysqlImage(docker: Docker): Promise<string> {
  await Promise.all([ensureImage(docker, SLIM_IMAGE), buildMysql()]);
  const folder = await Deno.makeTempDir({ prefix: "wattpost-mysql-image-" });
  try {
    for (const [name, text] of Object.entries({ start: START, mysqladmin: ADMIN, Dockerfile: RECIPE })) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      await Deno.chmod(`${folder}/${name}`, 0o755);
    }
    await docker.must(["build", "--quiet", "--tag", TAG, folder], { env: { DOCKER_BUILDKIT: "0" } });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return TAG;
}

/** What compose is told besides, so that the stand-in finds MySQL and a place for its data. */
export function mysqlOverride(): string {
  return `services:
  mysql:
    volumes:
      - ${mysqlRoot()}:/mysql:ro
      - mysql:/mysql/var/lib/mysql
`;
}
