import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { systemClock } from './clock'
import { openDatabase } from './db'
import { migrate } from './migrate/migrate'

it('opens the very file that was migrated, whatever follows its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clasper-url-'))
  try {
    const url = `file:${join(folder, 'a.db')}?connection_limit=1`
    await migrate(url)
    const database = openDatabase(url, 2, systemClock)
    expect(await database.reader.tenant.count()).toBe(0)
    await database.close()
    expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toEqual(['a.db'])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
