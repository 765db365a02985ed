import type { SpanUsage } from '@/lib/tracing'
import type { Reader } from './claim'
import { aiSdkUsage } from './dialects/ai-sdk'
import { clasperUsage } from './dialects/clasper'
import { genAiUsage } from './dialects/gen-ai'
import { langfuseUsage } from './dialects/langfuse'
import { openInferenceUsage } from './dialects/open-inference'
import type { RawSpan } from './raw-span'
import { completed, countTokens, saysAnything, type UsageSaid } from './usage'

const READERS: readonly Reader<UsageSaid>[] = [clasperUsage, langfuseUsage, openInferenceUsage, genAiUsage, aiSdkUsage]

type Found = { usage: SpanUsage | null; flags: readonly string[]; by: Readonly<Record<string, string>> }

// The strongest account of the tokens, made complete by weaker ones that agree with it.
export const usageOf = (span: RawSpan): Found => {
  const claims = READERS.map((read) => read(span)).filter((claim) => claim !== null && saysAnything(claim.value))
  const [strongest, ...weaker] = claims
  if (!strongest) return { usage: null, flags: [], by: {} }
  let said = strongest.value
  const rules = [strongest.by]
  for (const claim of weaker) {
    if (claim === null) continue
    const next = completed(said, claim.value)
    if (JSON.stringify(next) !== JSON.stringify(said)) rules.push(claim.by)
    said = next
  }
  const { usage, flags } = countTokens(said)
  return { usage, flags, by: { usage: rules.join(' + ') } }
}
