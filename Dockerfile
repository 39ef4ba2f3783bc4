# syntax=docker/dockerfile:1

# The tag names one release. Where images are mirrored or signed, add its digest as your registry reports it.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

# Compiles the program; its compiler and test tools stay in this stage.
FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY .npmrc package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json main.ts ./
COPY schema ./schema
COPY platform ./platform
COPY gateway ./gateway
COPY subgraphs ./subgraphs
COPY roles ./roles
COPY cli ./cli
COPY demo ./demo
RUN npm run build

# The packages that the program needs while it runs.
FROM ${NODE_IMAGE} AS packages
WORKDIR /packages
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Civigraph" \
      org.opencontainers.image.licenses="MIT"
# The program is root's and cannot be changed by the user that runs it. Only /data is written to: the embedded
# database, and e-mail where no SMTP server is named. The root file system can be read-only.
WORKDIR /app
COPY --from=packages /packages/node_modules ./node_modules
COPY package.json LICENSE ./
COPY schema/supergraph.graphql ./schema/
COPY schema/subgraphs ./schema/subgraphs
COPY municipalities ./municipalities
COPY --from=build /build/dist ./dist
RUN install -d -o node -g node -m 0700 /data
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=32 \
    HOST=0.0.0.0 \
    PORT=4000 \
    DATA_DIR=/data \
    LOG_FORMAT=json
USER node
VOLUME /data
EXPOSE 4000
STOPSIGNAL SIGTERM
# Every role but demo-upstreams answers here.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The program itself is process 1: it acts on SIGTERM, and starts no other process whose end it would have to await.
ENTRYPOINT ["node", "dist/main.js"]
CMD ["gateway"]
