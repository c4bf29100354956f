# Wattpost as it is meant to run: one process, not root, nothing but its folder to write to, no shell beside it.
#
#   docker build -t wattpost .
#   docker run --init --read-only --stop-timeout 150 -p 127.0.0.1:8000:8000 -v wattpost:/app/data wattpost
#
# `deno task image` gives the same commit the same digest. Behind a proxy that re-signs TLS, hand its certificates to the
# build: --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt, or with compose as the file build_ca.crt.

FROM debian:12-slim AS deno
ARG DENO_VERSION=2.9.6
RUN apt-get update \
  && apt-get install -y --no-install-recommends age ca-certificates npm \
  && rm -rf /var/lib/apt/lists/*
# The pattern lets the file be missing; what is copied beside it makes the instruction hold.
COPY LICENSE build_ca.cr[t] /run/build/
RUN --mount=type=secret,id=ca \
  for ca in /run/build/build_ca.crt /run/secrets/ca; do if [ -f "$ca" ]; then export NODE_EXTRA_CA_CERTS="$ca"; fi; done; \
  npm install --prefix /opt/deno --no-audit --no-fund "deno@${DENO_VERSION}" \
  && cp /opt/deno/node_modules/@deno/linux-*-glibc/deno /usr/local/bin/deno \
  && deno --version
ENV DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1
WORKDIR /app

# What browsers load. The packages of the lock file are a layer of their own: they change seldom.
FROM deno AS build
# Another value makes everything anew but the system's packages: a test compares what comes out.
ARG AGAIN
COPY deno.json deno.lock ./
RUN --mount=type=secret,id=ca \
  for ca in /run/build/build_ca.crt /run/secrets/ca; do if [ -f "$ca" ]; then export DENO_CERT="$ca"; fi; done; \
  deno install --frozen
COPY . .
RUN --mount=type=secret,id=ca \
  for ca in /run/build/build_ca.crt /run/secrets/ca; do if [ -f "$ca" ]; then export DENO_CERT="$ca"; fi; done; \
  deno task build

# The image as three folders, in which nothing tells when and where it was built.
FROM deno AS image
ARG AGAIN
COPY --from=build /deno-dir /deno-dir
COPY deno.json deno.lock main.ts product.ts client.ts LICENSE ./
COPY lib lib
COPY collector collector
COPY routes routes
COPY islands islands
COPY migrations migrations
COPY ops ops
COPY static static
COPY --from=build /app/_fresh _fresh
RUN rm -rf "$DENO_DIR"/gen "$DENO_DIR"/*_cache_* \
  && deno run --no-prompt --no-check --allow-read --allow-write --allow-run=ldd,dpkg-query,deno ops/image_root.ts /image

FROM scratch
COPY --from=image /image/system/ /
COPY --from=image /image/packages/ /
COPY --from=image /image/app/ /
WORKDIR /app
ENV PATH=/usr/local/bin:/usr/bin DENO_DIR=/deno-dir DENO_NO_UPDATE_CHECK=1 LISTEN=0.0.0.0:8000
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["deno", "run", "--cached-only", "--no-check", "--no-prompt", "--allow-env=LISTEN", "--allow-net=localhost,127.0.0.1,[::1],unix:/run/wattpost/blue.sock,unix:/run/wattpost/green.sock", "--allow-read=/run/wattpost/blue.sock,/run/wattpost/green.sock", "--allow-write=/run/wattpost/blue.sock,/run/wattpost/green.sock", "ops/alive.ts"]
# The same permissions as `deno task app`; a test compares them.
ENTRYPOINT ["deno", "run", "--cached-only", "--no-check", "--no-prompt", "--env-file=/etc/wattpost/wattpost.env", "--allow-env=LISTEN,PUBLIC_URL,TRUST_PROXY,DATABASE_URL,DATABASE_URL_FILE,DATABASE_WAIT_S,DATA_DIR,HOST_DIR,SIGN_IN_LOG,CREDENTIALS_DIR,DENO_KV_URL,LOG_LEVEL,RELEASE,COLLECT,VISITS_AT_ONCE,STARTS_PER_SECOND,CONNECT_TIMEOUT_MS,RESPONSE_TIMEOUT_MS,LOOPBACK_SITES,DEMO_SITES,DEMO_DAYS,METRICS_TOKEN,METRICS_TOKEN_FILE,SECRETS_KEY,SECRETS_KEY_FILE,SMTP_PASSWORD,SMTP_PASSWORD_FILE,TWILIO_SECRET,TWILIO_SECRET_FILE,SECURITY_CONTACT,DENO_KV_ACCESS_TOKEN,WATTPOST_*", "--ignore-env", "--allow-sys=statfs", "--allow-net", "--allow-read=data,static,_fresh,lib/auth/argon2_worker.ts,lib/health/watchdog_worker.ts,/run/secrets,/etc/wattpost/credentials,/var/lib/wattpost/host", "--allow-write=data,/var/log/wattpost/sign-in.log"]
CMD ["_fresh/server.js"]
ARG VERSION=dev
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Wattpost" \
  org.opencontainers.image.description="Reads meters behind cellular routers every half-hour and shows what they count" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  wattpost.sbom="/usr/share/wattpost/sbom.cdx.json"
