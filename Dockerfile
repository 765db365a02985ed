# The product as one image: docker build -t clasper .
FROM node:20-bookworm-slim AS build
WORKDIR /app
ENV CLASPER_BUILD=1 NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error && rm -rf .next/cache .next/dev .next/diagnostics .next/types

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 CLASPER_HOST=0.0.0.0 CLASPER_DB_PATH=/data/clasper.db CLASPER_STATE_DIR=/data/state CLASPER_WORKSPACE=/workspace
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/.next ./.next
COPY --from=build /app/dist ./dist
COPY --from=build /app/docs/api/openapi.json ./docs/api/
COPY --from=build /app/next.config.ts ./
COPY --from=build /app/lib/core/env*.ts ./lib/core/
COPY --from=build /app/prisma/sqlite ./prisma/sqlite
COPY --from=build /app/prisma/postgresql ./prisma/postgresql
COPY --from=build /app/public ./public
COPY --from=build /app/workspace-template ./workspace-template
RUN mkdir -p /data /workspace && chown node:node /data
VOLUME /data
USER node
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.CLASPER_PORT||8081)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.mjs"]
CMD ["serve"]
