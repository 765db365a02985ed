import { parseEnv, readProcessEnv } from '@/lib/core/env'

// These commands need the database and nothing else: no secret of the server has to be present for them.
export const databaseUrl = (): string => parseEnv({ ...readProcessEnv(), CLASPER_BUILD: '1' }).databaseUrl
