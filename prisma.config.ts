import { defineConfig } from 'prisma/config'

const url = process.env['DATABASE_URL']
const dialect = url?.startsWith('postgres') ? 'postgresql' : 'sqlite'

export default defineConfig({
  schema: `.cache/prisma/${dialect}/schema.prisma`,
  migrations: { path: `prisma/${dialect}/migrations` },
  datasource: { url: url ?? `file:${process.env['CLASPER_DB_PATH'] ?? './clasper.db'}` },
})
