# The worker and the command line. Non-root, no shell script as entry, nothing that builds.
#   docker build -t custos .
# For a release pin the base by digest as well: --build-arg NODE_IMAGE=node:20.20.2-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:20.20.2-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY . .
# The lifecycle script "prepare" builds dist/. onnxruntime-node carries its CPU library in the
# package; its own download is not needed.
RUN npm ci --no-audit --no-fund --onnxruntime-node-install=skip \
 && npm prune --omit=dev --no-audit --no-fund --ignore-scripts

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="custos" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production \
    CUSTOS_HOME=/var/lib/custos \
    CUSTOS_WORKER_READY=/run/custos/worker.ready
# What the running service never needs, a package manager above all.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx \
           /usr/local/bin/corepack /opt/yarn* /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && groupadd --gid 10001 custos \
 && useradd --uid 10001 --gid custos --no-create-home --home-dir /var/lib/custos custos \
 && install -d -m 0700 -o custos -g custos /var/lib/custos /run/custos \
 && printf '#!/bin/sh\nexec node --enable-source-maps /opt/custos/dist/cli/main.js "$@"\n' \
      > /usr/local/bin/custos \
 && chmod 0755 /usr/local/bin/custos
WORKDIR /opt/custos
COPY --from=build /build/package.json /build/LICENSE /build/CHANGELOG.md ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
USER 10001:10001
VOLUME ["/var/lib/custos"]
STOPSIGNAL SIGTERM
# The worker touches the file every two seconds while it polls and removes it when it drains.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["sh", "-c", "find \"$CUSTOS_WORKER_READY\" -mmin -1 2>/dev/null | grep -q ."]
ENTRYPOINT ["node", "--enable-source-maps", "/opt/custos/dist/worker.js"]
