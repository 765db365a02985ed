import { describe, expect, it } from 'vitest'
import { ConfigError, parseEnv } from './env'

const faultsOf = (raw: Record<string, string>): readonly string[] => {
  try {
    parseEnv(raw)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.faults : [String(error)]
  }
}

describe('parseEnv', () => {
  it('has a default for everything outside production', () => {
    expect(parseEnv({})).toMatchObject({ CLASPER_PORT: 8081, databaseUrl: 'file:./clasper.db', profile: 'development' })
  })

  it('reads CLASPER_ first and falls back to the former prefix', () => {
    expect(parseEnv({ WOMBAT_PORT: '1' }).CLASPER_PORT).toBe(1)
    expect(parseEnv({ CLASPER_PORT: '2', WOMBAT_PORT: '1' }).CLASPER_PORT).toBe(2)
    expect(parseEnv({ CLASPER_PORT: '', WOMBAT_PORT: '1' }).CLASPER_PORT).toBe(1)
  })

  it('names every fault at once', () => {
    const faults = faultsOf({ CLASPER_PORT: 'x', DATABASE_URL: 'mysql://a', CLASPER_LOG_LEVEL: 'loud' })
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['CLASPER_PORT', 'CLASPER_LOG_LEVEL', 'DATABASE_URL'])
  })

  it('needs its secrets in production, each one named', () => {
    expect(faultsOf({ NODE_ENV: 'production' }).map((fault) => fault.split(':')[0])).toEqual([
      'NEXTAUTH_URL',
      'NEXTAUTH_SECRET',
      'CLASPER_SECRETS_KEY',
    ])
  })

  it.each([
    { NODE_ENV: 'production', OPS_DEV_NO_AUTH: 'true' },
    {
      OPS_DEV_NO_AUTH: 'true',
      OPS_OIDC_ISSUER: 'https://id.example',
      OPS_OIDC_CLIENT_ID: 'a',
      OPS_OIDC_CLIENT_SECRET: 'b',
    },
    { OPS_DEV_NO_AUTH: 'true', CLASPER_HOST: '0.0.0.0' },
  ])('keeps the way without sign-in shut: %j', (raw) => {
    expect(faultsOf(raw).some((fault) => fault.startsWith('OPS_DEV_NO_AUTH'))).toBe(true)
  })
})
