import { z } from 'zod'
import { type EnvField, flag, PROVIDERS, providerKey, providerUrl, ratio, text, whole } from './env-kinds'

// The models that may answer, and how patiently they are asked.
export const MODEL_FIELDS = {
  LLM_PROVIDER: {
    group: 'Models',
    means: 'Provider of models that are named without one; demo is the built-in one',
    schema: z.enum(PROVIDERS).default('openai'),
  },
  LLM_MODEL_DEFAULT: {
    group: 'Models',
    means: 'Model of runs, as id or provider/id',
    schema: text('gpt-4o-mini'),
    also: ['OPENAI_MODEL_DEFAULT'],
  },
  LLM_MODEL_CHEAP: {
    group: 'Models',
    means: 'Model of summaries; empty means the default',
    schema: text(),
    also: ['OPENAI_MODEL_CHEAP'],
  },
  LLM_MODEL_BEST: { group: 'Models', means: 'Strongest model on offer', schema: text(), also: ['OPENAI_MODEL_BEST'] },
  LLM_MODEL_FALLBACK: {
    group: 'Models',
    means: 'Model that is asked when the first one fails; it may be of another provider',
    schema: text(),
    also: ['OPENAI_MODEL_FALLBACK'],
  },
  CLASPER_PRICES_PATH: {
    group: 'Models',
    means: 'JSON file with prices of further models, or other prices of known ones',
    schema: text(),
  },
  CLASPER_ALLOW_DEMO_MODEL: {
    group: 'Models',
    means: 'Allow the built-in demo model in production',
    schema: flag(false),
  },
  OPENAI_API_KEY: providerKey('OpenAI'),
  ANTHROPIC_API_KEY: providerKey('Anthropic'),
  GEMINI_API_KEY: { ...providerKey('Google'), also: ['GOOGLE_API_KEY'] },
  XAI_API_KEY: providerKey('xAI'),
  GROQ_API_KEY: providerKey('Groq'),
  MISTRAL_API_KEY: providerKey('Mistral'),
  OPENROUTER_API_KEY: providerKey('OpenRouter'),
  LLM_BASE_URL_OPENAI: providerUrl('OpenAI'),
  LLM_BASE_URL_ANTHROPIC: providerUrl('Anthropic'),
  LLM_BASE_URL_GOOGLE: providerUrl('Google'),
  LLM_BASE_URL_XAI: providerUrl('xAI'),
  LLM_BASE_URL_GROQ: providerUrl('Groq'),
  LLM_BASE_URL_MISTRAL: providerUrl('Mistral'),
  LLM_BASE_URL_OPENROUTER: providerUrl('OpenRouter'),
  CLASPER_RETRY_ATTEMPTS: { group: 'Models', means: 'Attempts per model', schema: whole(3, 1, 10) },
  CLASPER_RETRY_DELAY_MS: {
    group: 'Models',
    means: 'Wait before the second attempt; doubles',
    schema: whole(1_000, 0, 60_000),
  },
  CLASPER_RETRY_MAX_DELAY_MS: { group: 'Models', means: 'Longest wait', schema: whole(30_000, 0, 600_000) },
  CLASPER_RETRY_JITTER: { group: 'Models', means: 'Share of the wait that is random', schema: ratio(0.1) },
  CLASPER_MODEL_HEADER_MS: {
    group: 'Models',
    means: 'Time for a provider to begin its answer',
    schema: whole(60_000, 100, 600_000),
  },
  CLASPER_MODEL_IDLE_MS: {
    group: 'Models',
    means: 'Time without any sign in the middle of an answer',
    schema: whole(30_000, 100, 600_000),
  },
} as const satisfies Record<string, EnvField>
