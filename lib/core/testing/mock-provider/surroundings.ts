const PROVIDERS = ['OPENAI', 'ANTHROPIC', 'GOOGLE', 'XAI', 'GROQ', 'MISTRAL', 'OPENROUTER']

export const mockKey = (provider: string): string => `${provider.toLowerCase()}-mock-key`

// Every provider lives at the mock, every key is its own, and no wait is long.
export const mockSurroundings = (url: string): Record<string, string> => ({
  ...Object.fromEntries(PROVIDERS.map((name) => [`LLM_BASE_URL_${name}`, url])),
  ...Object.fromEntries(
    PROVIDERS.map((name) => [name === 'GOOGLE' ? 'GEMINI_API_KEY' : `${name}_API_KEY`, mockKey(name)]),
  ),
  CLASPER_RETRY_DELAY_MS: '1',
  CLASPER_RETRY_MAX_DELAY_MS: '20',
  CLASPER_MODEL_HEADER_MS: '900',
  CLASPER_MODEL_IDLE_MS: '300',
})
