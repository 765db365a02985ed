import type { Tone } from '@/components/ui/badge'

const BAD = /(failed|failure|denied|refused|revoked|blocked|erased|rejected|mismatch|violation)$/
const WARN = /(override|expired|deprecated|dead|rate_limit|signed_out|rotated)/
const GOOD = /(granted|success|approved|succeeded|completed|signed_in|promoted|verified)$/

export const toneOf = (eventType: string): Tone => {
  if (BAD.test(eventType)) return 'bad'
  if (WARN.test(eventType)) return 'warn'
  return GOOD.test(eventType) ? 'ok' : 'system'
}

export const eventName = (eventType: string): string => {
  const words = eventType.replace(/[_.]/g, ' ')
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`
}
