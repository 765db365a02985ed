import type { FileSkill } from '@/lib/skills'
import { findTestRuns } from '@/lib/skills'
import type { Work } from './check'
import type { LastTest } from './skill-checks'

const LOOKED_AT = 50

/** The newest finished test run of exactly this content. */
export const lastSkillTest =
  ({ scope }: Work) =>
  async ({ name, version, contentHash }: FileSkill): Promise<LastTest> => {
    if (version === undefined || contentHash === undefined) return null
    const rows = await findTestRuns(scope.db, name, version, LOOKED_AT)
    const row = rows.find((one) => one.contentHash === contentHash)
    return row ? { name, version, status: row.status, at: (row.completedAt ?? row.startedAt).toISOString() } : null
  }
