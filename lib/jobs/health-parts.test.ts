import { describe, expect, it } from 'vitest'
import { modelsStatus, worstOf } from './health-parts'

const model = (id: string, has_key = true) => ({
  provider: 'openai',
  model: id,
  has_key,
  key_name: 'OPENAI_API_KEY',
  is_demo: false,
})
const paused = (id: string) => ({ provider: 'openai', model: id, failures: 5, until: new Date('2026-01-01') })
const keyed = model('a')
const stand = model('b')
const bare = model('a', false)
const bareStand = model('b', false)

describe('whether a model would answer now', () => {
  it.each([
    ['a key and no fallback', keyed, null, [], 'ok'],
    ['both keys', keyed, stand, [], 'ok'],
    ['a fallback that could not stand in', keyed, bareStand, [], 'degraded'],
    ['paused, with a fallback', keyed, stand, [paused('a')], 'degraded'],
    ['no key, with a fallback', bare, stand, [], 'degraded'],
    ['paused, alone', keyed, null, [paused('a')], 'error'],
    ['both paused', keyed, stand, [paused('a'), paused('b')], 'error'],
    ['no key at all', bare, null, [], 'missing'],
    ['no key, and the fallback paused', bare, stand, [paused('b')], 'missing'],
  ] as const)('%s: %5$s', (_, first, fallback, cooldowns, status) => {
    expect(modelsStatus({ default: first, fallback, cheap: null, cooldowns: [...cooldowns] })).toBe(status)
  })

  it('what was not asked is not wrong', () => {
    expect(worstOf(['ok', 'unchecked'])).toBe('ok')
    expect(worstOf(['ok', 'missing'])).toBe('degraded')
  })
})
