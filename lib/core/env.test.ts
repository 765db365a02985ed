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

  it('takes no address with a user or a password', () => {
    for (const BACKEND_URL of ['https://me:pw@api.example.com/x', 'https://me@api.example.com'])
      expect(faultsOf({ BACKEND_URL })).toEqual([expect.stringMatching(/^BACKEND_URL: .*user or a password/)])
    expect(faultsOf({ BACKEND_URL: 'https://api.example.com/~me@home' })).toEqual([])
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

  const good = {
    NODE_ENV: 'production',
    NEXTAUTH_URL: 'https://ops.example',
    NEXTAUTH_SECRET: 's'.repeat(32),
    CLASPER_SECRETS_KEY: '0'.repeat(64),
    AGENT_JWT_SECRET: 'a'.repeat(32),
    CLASPER_TENANT_JWT_SECRET: 't'.repeat(32),
    AGENT_DAEMON_API_KEY: 'd'.repeat(32),
    INTERNAL_API_TOKEN: 'i'.repeat(32),
  }
  const demo = { CLASPER_PROFILE: 'demo', NEXTAUTH_URL: 'http://demo.example' }

  it.each([
    {},
    { NEXTAUTH_URL: 'http://localhost:8081' },
    { NEXTAUTH_URL: 'http://127.0.0.1:8081' },
    { NEXTAUTH_URL: 'http://[::1]:8081' },
    { AGENT_JWT_SECRET: '', CLASPER_TENANT_JWT_SECRET: '', AGENT_DAEMON_API_KEY: '', INTERNAL_API_TOKEN: '' },
    demo,
    { ...demo, CLASPER_HOST: '::1' },
    { CLASPER_HOST: '0.0.0.0' },
  ])('runs in production with %j', (raw) => {
    expect(faultsOf({ ...good, ...raw })).toEqual([])
  })

  it.each([
    ['NEXTAUTH_URL', { NEXTAUTH_URL: 'http://ops.example' }],
    ['NEXTAUTH_URL', { NEXTAUTH_URL: 'http://127.0.0.1.example' }],
    ['NEXTAUTH_SECRET', { NEXTAUTH_SECRET: 's'.repeat(31) }],
    ['AGENT_JWT_SECRET', { AGENT_JWT_SECRET: 'a'.repeat(31) }],
    ['CLASPER_TENANT_JWT_SECRET', { CLASPER_TENANT_JWT_SECRET: 't'.repeat(31) }],
    ['AGENT_DAEMON_API_KEY', { AGENT_DAEMON_API_KEY: 'd'.repeat(31) }],
    ['INTERNAL_API_TOKEN', { INTERNAL_API_TOKEN: 'i'.repeat(31) }],
    ['AGENT_JWT_SECRET, CLASPER_TENANT_JWT_SECRET', { CLASPER_TENANT_JWT_SECRET: good.AGENT_JWT_SECRET }],
    ['NEXTAUTH_SECRET, INTERNAL_API_TOKEN', { INTERNAL_API_TOKEN: good.NEXTAUTH_SECRET }],
    ['CLASPER_PROFILE', { ...demo, CLASPER_HOST: '0.0.0.0' }],
    ['CLASPER_PROFILE', { NODE_ENV: 'development', CLASPER_PROFILE: 'demo', CLASPER_HOST: '0.0.0.0' }],
  ])('names %s in %j', (name, raw) => {
    const faults = faultsOf({ ...good, ...raw })
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([name])
    expect(faults.join()).not.toContain('a'.repeat(32))
  })
})
