import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseEnv } from '@/lib/core/env'
import { createKernel, installKernel, type Kernel } from '@/lib/core/kernel'
import { daemonKey, secretsKey, sessionSecret } from '@/lib/core/local-secrets'
import { createLog } from '@/lib/core/log'
import { freshDatabase, type TestDatabase } from '@/lib/core/testing/database'
import { newTenant } from '@/lib/core/testing/kernel'
import { assertCredentials } from './credentials'
import { createKey } from './manage-keys'

const PRODUCTION = {
  NODE_ENV: 'production',
  NEXTAUTH_URL: 'https://ops.example',
  NEXTAUTH_SECRET: 's'.repeat(40),
  CLASPER_SECRETS_KEY: '0'.repeat(64),
}

describe('credentials at the start', () => {
  let database: TestDatabase
  let running: Kernel
  const boot = (raw: Record<string, string>) => {
    const folder = mkdtempSync(join(tmpdir(), 'clasper-secrets-'))
    const env = parseEnv({ DATABASE_URL: database.url, CLASPER_STATE_DIR: folder, ...raw })
    running = installKernel(createKernel({ env, log: createLog('silent') }))
    return folder
  }
  beforeEach(async () => {
    database = await freshDatabase('sqlite')
  })
  afterEach(async () => {
    await running.stop()
    await database.close()
  })

  it('production without any credential does not start, and says which variable it misses', async () => {
    boot(PRODUCTION)
    await expect(assertCredentials()).rejects.toThrow(/AGENT_DAEMON_API_KEY/)
  })

  it('production starts with a bootstrap key or with a living key row', async () => {
    boot({ ...PRODUCTION, AGENT_DAEMON_API_KEY: 'k'.repeat(32) })
    await expect(assertCredentials()).resolves.toEqual({ keyFile: null })
    await running.stop()
    boot(PRODUCTION)
    const tenant = await newTenant()
    await createKey(tenant.scope, { name: 'k', scopes: ['read'], workspace_ids: [], expires_in_days: null })
    await expect(assertCredentials()).resolves.toEqual({ keyFile: null })
  })

  it('development makes its own, once, in a file for its owner alone', async () => {
    const folder = boot({ NODE_ENV: 'development' })
    const { keyFile } = await assertCredentials()
    expect(keyFile).toBe(join(folder, 'secrets.json'))
    expect(statSync(keyFile ?? '').mode & 0o777).toBe(0o600)
    const kept = JSON.parse(readFileSync(keyFile ?? '', 'utf8')) as Record<string, string>
    expect([daemonKey(), sessionSecret(), secretsKey()]).toEqual([
      kept['service_key'],
      kept['session_secret'],
      kept['secrets_key'],
    ])
    expect(new Set(Object.values(kept)).size).toBe(3)
  })

  it('production invents nothing', () => {
    boot(PRODUCTION)
    expect(daemonKey()).toBe('')
    expect(() => parseEnv({ NODE_ENV: 'production' })).toThrow(
      /NEXTAUTH_URL[\s\S]*NEXTAUTH_SECRET[\s\S]*CLASPER_SECRETS_KEY/,
    )
  })
})
