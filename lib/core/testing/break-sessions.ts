import { targetOf } from '../migrate/target'
import { withRawQueries } from './raw-query'

const BREAK = {
  sqlite: (tenant: string) => [
    `CREATE TRIGGER "broken" BEFORE UPDATE ON "OpsSession" WHEN NEW."tenantId" = '${tenant}' BEGIN
       SELECT RAISE(ABORT, 'broken on purpose'); END`,
  ],
  postgresql: (tenant: string) => [
    `CREATE FUNCTION "broken"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`,
    `CREATE TRIGGER "broken" BEFORE UPDATE ON "OpsSession" FOR EACH ROW WHEN (NEW."tenantId" = '${tenant}')
       EXECUTE FUNCTION "broken"()`,
  ],
}
const MEND = { sqlite: 'DROP TRIGGER "broken"', postgresql: 'DROP FUNCTION "broken" CASCADE' }

/** From now on no session of this tenant can be changed: half of a larger change fails. */
export const breakSessions = async (url: string, tenant: string): Promise<() => Promise<void>> => {
  const { dialect } = targetOf(url)
  await withRawQueries(url, async (ask) => {
    for (const statement of BREAK[dialect](tenant)) await ask(statement)
  })
  return () => withRawQueries(url, async (ask) => void (await ask(MEND[dialect])))
}
