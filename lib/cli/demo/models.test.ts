import { describe, expect, it } from 'vitest'
import { parseEnv } from '@/lib/core/env'
import { modelsFor } from './models'
import { DEMO_MODELS } from './surroundings'

const seen = (raw: Record<string, string>) => {
  const env = parseEnv({ ...raw, ...modelsFor(raw) })
  return { provider: env.LLM_PROVIDER, model: env.LLM_MODEL_DEFAULT, fallback: env.LLM_MODEL_FALLBACK }
}

const BUILT_IN = { provider: 'demo', model: DEMO_MODELS.LLM_MODEL_DEFAULT, fallback: '' }

describe('models of the demo', () => {
  it.each([
    [{}],
    [{ OPENAI_API_KEY: 'k' }],
    [{ LLM_MODEL_DEFAULT: 'gpt-4o' }],
    [{ LLM_MODEL_DEFAULT: '', OPENAI_API_KEY: 'k' }],
    [{ OPENAI_MODEL_FALLBACK: 'gpt-4o', LLM_MODEL_FALLBACK: 'gpt-4o', LLM_PROVIDER: 'google' }],
  ])('%j gets the built-in one', (raw) => {
    expect(seen(raw)).toEqual(BUILT_IN)
  })

  it.each([
    [
      { LLM_MODEL_DEFAULT: 'gpt-4o', OPENAI_API_KEY: 'k' },
      { provider: 'openai', model: 'gpt-4o' },
    ],
    [
      { OPENAI_MODEL_DEFAULT: 'gpt-4o', OPENAI_API_KEY: 'k' },
      { provider: 'openai', model: 'gpt-4o' },
    ],
    [{ LLM_MODEL_DEFAULT: 'google/gemini-2.5-flash', GOOGLE_API_KEY: 'k' }, { model: 'google/gemini-2.5-flash' }],
    [
      { LLM_MODEL_DEFAULT: 'openai/llama3', LLM_BASE_URL_OPENAI: 'http://localhost:11434/v1' },
      { model: 'openai/llama3' },
    ],
  ])('%j is taken at its word', (raw, expected) => {
    expect(seen(raw)).toMatchObject(expected)
  })
})
