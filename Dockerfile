# Wattpost as it is meant to run: one process, not root, nothing but its folder to write to.
#
#   docker build -t wattpost .
#   docker run --stop-timeout 150 -p 127.0.0.1:8000:8000 -v wattpost:/app/data wattpost
#
# Behind a proxy that re-signs TLS, hand its certificates to the build: --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt

FROM debian:12-slim AS deno
ARG DENO_VERSION=2.9.6
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates npm \
  && rm -rf /var/lib/apt/lists/*
RUN --mount=type=secret,id=ca \
  if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
  npm install --prefix /opt/deno --no-audit --no-fund "deno@${DENO_VERSION}" \
  && cp /opt/deno/node_modules/@deno/linux-*-glibc/deno /usr/local/bin/deno \
  && deno --version
ENV DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1
WORKDIR /app

# What browsers load. The packages of the lock file are a layer of their own: they change seldom.
FROM deno AS build
COPY deno.json deno.lock ./
RUN --mount=type=secret,id=ca \
  if [ -f /run/secrets/ca ]; then export DENO_CERT=/run/secrets/ca; fi; deno install --frozen
COPY . .
RUN --mount=type=secret,id=ca \
  if [ -f /run/secrets/ca ]; then export DENO_CERT=/run/secrets/ca; fi; deno task build

# The packages of the import map, without what only the build fetches. Deno asks for all of them before it runs
# anything, so the few that only tests import (axe-core, playwright-core) are among them; none of their code is loaded.
# Some bring files that everybody may write to, the app too.
FROM deno AS packages
COPY . .
COPY --from=build /app/_fresh ./_fresh
RUN --mount=type=secret,id=ca \
  if [ -f /run/secrets/ca ]; then export DENO_CERT=/run/secrets/ca; fi; \
  deno install --frozen --entrypoint _fresh/server.js ops/migrate.ts ops/register.ts ops/alive.ts \
  && chmod -R go-w /deno-dir

FROM debian:12-slim
COPY --from=deno /usr/local/bin/deno /usr/local/bin/deno
COPY --from=packages /deno-dir /deno-dir
WORKDIR /app
COPY deno.json deno.lock main.ts product.ts client.ts LICENSE ./
COPY lib lib
COPY collector collector
COPY routes routes
COPY islands islands
COPY migrations migrations
COPY ops ops
COPY static static
COPY --from=build /app/_fresh _fresh
RUN install -d -o 65532 -g 65532 -m 0750 /app/data
ENV DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1 LISTEN=0.0.0.0:8000
USER 65532:65532
VOLUME /app/data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["deno", "run", "--cached-only", "--no-check", "--no-prompt", "--allow-env=LISTEN", "--allow-net=localhost,127.0.0.1,[::1],unix:/run/wattpost/blue.sock,unix:/run/wattpost/green.sock", "--allow-read=/run/wattpost/blue.sock,/run/wattpost/green.sock", "--allow-write=/run/wattpost/blue.sock,/run/wattpost/green.sock", "ops/alive.ts"]
# The same permissions as `deno task app`; a test compares them.
ENTRYPOINT ["deno", "run", "--cached-only", "--no-check", "--no-prompt", "--allow-env=LISTEN,PUBLIC_URL,TRUST_PROXY,DATABASE_URL,DATABASE_URL_FILE,DATA_DIR,HOST_DIR,SIGN_IN_LOG,CREDENTIALS_DIR,DENO_KV_URL,LOG_LEVEL,RELEASE,COLLECT,VISITS_AT_ONCE,STARTS_PER_SECOND,CONNECT_TIMEOUT_MS,RESPONSE_TIMEOUT_MS,LOOPBACK_SITES,DEMO_SITES,DEMO_DAYS,METRICS_TOKEN,METRICS_TOKEN_FILE,SECRETS_KEY,SECRETS_KEY_FILE,SMTP_PASSWORD,SMTP_PASSWORD_FILE,TWILIO_SECRET,TWILIO_SECRET_FILE,SECURITY_CONTACT,DENO_KV_ACCESS_TOKEN,WATTPOST_*", "--ignore-env", "--allow-sys=statfs", "--allow-net", "--allow-read=data,static,_fresh,lib/auth/argon2_worker.ts,/run/secrets,/etc/wattpost/credentials,/var/lib/wattpost/host", "--allow-write=data,/var/log/wattpost/sign-in.log"]
CMD ["_fresh/server.js"]
