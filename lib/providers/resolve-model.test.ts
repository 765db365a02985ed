import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from '@/lib/core/env'
import { modelKernel } from '@/lib/core/testing/mock-provider/sample-call'
import { isProblem } from '@/lib/shared/problem'
import { assertModels, fallbackOf, providersHealth, readModelName, resolveModel } from '.'
import { splitModelName } from './model-name'
import { editDistance, nearestNames } from './near-names'

const folder = mkdtempSync(join(tmpdir(), 'prices-'))
afterAll(() => rmSync(folder, { recursive: true }))

const priceFile = (content: unknown): string => {
  const path = join(folder, 'prices.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const PRODUCTION = {
  NODE_ENV: 'production',
  NEXTAUTH_URL: 'https://clasper.example',
  AGENT_JWT_SECRET: 'j'.repeat(40),
}

const refusal = (work: () => unknown): { message: string; nearest: unknown } => {
  try {
    work()
  } catch (error) {
    if (isProblem(error) && error.code === 'invalid_request')
      return { message: error.message, nearest: error.details?.['nearest'] }
    throw error
  }
  throw new Error('nothing was refused')
}

const faultsOf = (env: Record<string, string>): readonly string[] => {
  modelKernel(env)
  try {
    assertModels()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

const KNOWN = ['openai', 'openrouter', 'groq', 'demo']

it.each([
  ['gpt-4o', 'openai', 'gpt-4o'],
  ['openai/gpt-4o', 'openai', 'gpt-4o'],
  ['openrouter/meta-llama/llama-3.3-70b-instruct', 'openrouter', 'meta-llama/llama-3.3-70b-instruct'],
  ['groq/openai/gpt-oss-120b', 'groq', 'openai/gpt-oss-120b'],
  ['meta-llama/x', 'openai', 'meta-llama/x'],
  ['/x', 'openai', '/x'],
  [' demo/clasper-demo ', 'demo', 'clasper-demo'],
])('%s is %s and %s', (text, provider, id) => {
  expect(splitModelName(text, KNOWN, 'openai')).toMatchObject({ provider, id })
})

describe('resolveModel', () => {
  it.each([
    'openai/gpt-4o-mini',
    'openrouter/meta-llama/llama-3.3-70b-instruct',
    'groq/openai/gpt-oss-120b',
    'google/gemini-2.5-flash',
    'demo/clasper-demo',
  ])('%s goes round', (name) => {
    modelKernel({})
    const model = resolveModel(name)
    expect(model.name).toBe(name)
    expect(resolveModel(model.name)).toEqual(model)
  })

  it('takes the model of runs when nothing is named', () => {
    modelKernel({ LLM_MODEL_DEFAULT: 'mistral/mistral-small-latest' })
    expect(resolveModel(undefined).name).toBe('mistral/mistral-small-latest')
    expect(resolveModel('').name).toBe('mistral/mistral-small-latest')
  })

  it('refuses what nobody knows, with the nearest names', () => {
    modelKernel({})
    const { message, nearest } = refusal(() => resolveModel('openai/gpt-4o-minni'))
    expect(message).toContain('Unknown model: openai/gpt-4o-minni')
    expect(nearest).toContain('openai/gpt-4o-mini')
    expect(refusal(() => resolveModel('claude-sonnet-4-5')).nearest).toContain('anthropic/claude-sonnet-4-5')
    expect(refusal(() => resolveModel('x'.repeat(5_000))).message.length).toBeLessThan(1_000)
    for (const odd of ['__proto__', 'constructor', 'openai/', 'openai/__proto__', 'demo/other'])
      expect(refusal(() => resolveModel(odd)).message).toContain('Unknown model')
  })

  it('takes any name at an address of our own', () => {
    modelKernel({ LLM_BASE_URL_OPENAI: 'http://127.0.0.1:11434' })
    expect(resolveModel('llama3.2:3b')).toMatchObject({ provider: 'openai', id: 'llama3.2:3b', contextWindow: 128_000 })
    refusal(() => resolveModel('groq/unheard-of'))
  })

  it('takes what the price book knows', () => {
    modelKernel({})
    expect(resolveModel('gpt-3.5-turbo')).toMatchObject({ name: 'openai/gpt-3.5-turbo', contextWindow: 16_385 })
    const prices = { 'groq/brand-new': { input: 1, output: 2, context_window: 4_096, max_output: 512 } }
    modelKernel({ CLASPER_PRICES_PATH: priceFile({ prices }) })
    expect(resolveModel('groq/brand-new')).toMatchObject({ contextWindow: 4_096, maxOutput: 512 })
  })

  it('names the demo model for every bare name when that is the provider', () => {
    modelKernel({ LLM_PROVIDER: 'demo' })
    expect(resolveModel(undefined)).toMatchObject({ name: 'demo/clasper-demo', isDemo: true })
    expect(resolveModel('openai/gpt-4o').isDemo).toBe(false)
  })

  it.each([
    [PRODUCTION, false],
    [{ ...PRODUCTION, CLASPER_ALLOW_DEMO_MODEL: 'true' }, true],
    [{ ...PRODUCTION, CLASPER_PROFILE: 'demo', CLASPER_HOST: '127.0.0.1' }, true],
    [{}, true],
  ])('the demo model with %j: %s', (env, isAllowed) => {
    modelKernel(env)
    if (isAllowed) expect(resolveModel('demo/clasper-demo').isDemo).toBe(true)
    else expect(refusal(() => resolveModel('demo/clasper-demo')).message).toContain('not allowed in production')
  })
})

describe('assertModels', () => {
  it('has nothing against what is configured by default', () => {
    expect(faultsOf({})).toEqual([])
  })

  it('lists every model that is unknown, with names near it', () => {
    const faults = faultsOf({ LLM_MODEL_DEFAULT: 'gpt-4o-minni', LLM_MODEL_FALLBACK: 'anthropic/claude-opsu-4-5' })
    expect(faults).toHaveLength(2)
    expect(faults[0]).toMatch(/^LLM_MODEL_DEFAULT: .*openai\/gpt-4o-mini/)
    expect(faults[1]).toMatch(/^LLM_MODEL_FALLBACK: .*anthropic\/claude-opus-4-5/)
  })

  it('refuses the demo model in production', () => {
    expect(faultsOf({ ...PRODUCTION, LLM_PROVIDER: 'demo' })).toHaveLength(1)
  })

  it.each([
    ['{', 'is no JSON file'],
    [{ prices: { a: { input: -1, output: 1 } } }, 'prices.a.input'],
    [{ prices: { a: { input: 1, output: 1, other: 1 } } }, 'prices.a'],
  ])('refuses a price file %j', (content, part) => {
    const faults = faultsOf({ CLASPER_PRICES_PATH: priceFile(content) })
    expect(faults[0]).toContain(part)
    expect(faults.join()).not.toContain(folder)
  })

  it('names a price file that is not there', () => {
    expect(faultsOf({ CLASPER_PRICES_PATH: join(folder, 'none.json') })).toEqual([
      'CLASPER_PRICES_PATH: cannot be read',
    ])
  })
})

it('the fallback is never the same model', () => {
  modelKernel({ LLM_MODEL_FALLBACK: 'openai/gpt-4o-mini' })
  expect(fallbackOf(resolveModel('gpt-4o-mini'))).toBeNull()
  expect(fallbackOf(resolveModel('gpt-4o'))?.name).toBe('openai/gpt-4o-mini')
})

it('health names models and whether there is a key, never the key', () => {
  modelKernel({ LLM_MODEL_FALLBACK: 'demo/clasper-demo', OPENAI_API_KEY: 'sk-secret' })
  const health = providersHealth()
  expect(health).toEqual({
    default: { provider: 'openai', model: 'gpt-4o-mini', has_key: true, key_name: 'OPENAI_API_KEY', is_demo: false },
    fallback: { provider: 'demo', model: 'clasper-demo', has_key: true, key_name: null, is_demo: true },
    cheap: null,
    cooldowns: [],
  })
})

it('a bare name that one maker has is his, for prices', () => {
  modelKernel({})
  expect(readModelName('claude-3-haiku')).toEqual({ provider: 'anthropic', id: 'claude-3-haiku' })
  expect(readModelName('claude-sonnet-4-5')).toEqual({ provider: 'anthropic', id: 'claude-sonnet-4-5' })
  expect(readModelName('gpt-4o')).toEqual({ provider: 'openai', id: 'gpt-4o' })
  expect(readModelName('unheard-of', 'groq')).toEqual({ provider: 'groq', id: 'unheard-of' })
})

it('distances are edits', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3)
  expect(editDistance('', 'abc')).toBe(3)
  expect(nearestNames('gpt-4o-mni', ['openai/gpt-4o', 'openai/gpt-4o-mini', 'google/gemini-pro'])[0]).toBe(
    'openai/gpt-4o-mini',
  )
  expect(nearestNames('zzzzzzzz', ['openai/gpt-4o'])).toEqual([])
})
