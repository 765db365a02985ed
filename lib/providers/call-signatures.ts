import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'

const MOST = 5_000

// Gemini signs its calls of tools and thinks worse when a signature is missing in the next step. The words that a run
// keeps have no place for it, so it waits here; another process does without.
const signatures = (): LRUCache<string, string> =>
  kernel().slot('providers.signatures', () => new LRUCache<string, string>({ max: MOST }))

export const keepSignature = (callId: string, signature: string): void => {
  signatures().set(callId, signature)
}

export const signatureOf = (callId: string): string | undefined => signatures().get(callId)
