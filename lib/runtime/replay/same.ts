import type { Cleaner } from '@/lib/core/redaction/tenant'
import { stableJson } from '@/lib/shared/stable-json'

// What is recorded was redacted by the tenant's rules, so what is compared with it is redacted by them too.
export const isSameText = (cleaner: Cleaner, now: string, recorded: string): boolean =>
  now === recorded || cleaner.text(now) === recorded

export const isSame = (cleaner: Cleaner, now: unknown, recorded: unknown): boolean => {
  const text = stableJson(recorded)
  return stableJson(now) === text || stableJson(cleaner.value(now)) === text
}

const EXCERPT = 80

const excerpt = (line: string | undefined): string =>
  line === undefined ? 'nothing' : JSON.stringify(line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line)

type Place = { line: number; recorded: string; now: string }

/** Where two texts part, and what stands there. */
export const partingOf = (cleaner: Cleaner, now: string, recorded: string): Place => {
  const [a, b] = [cleaner.text(now).split('\n'), recorded.split('\n')]
  const found = b.findIndex((line, at) => a[at] !== line)
  const at = found < 0 ? b.length : found
  return { line: at + 1, recorded: excerpt(b[at]), now: excerpt(a[at]) }
}
