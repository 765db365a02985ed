import { redactText, redactValue } from '@/lib/core/redact'
import { stableJson } from '@/lib/shared/stable-json'

// What is recorded was redacted, so what is compared with it is redacted too.
export const isSameText = (now: string, recorded: string): boolean => now === recorded || redactText(now) === recorded

export const isSame = (now: unknown, recorded: unknown): boolean => {
  const text = stableJson(recorded)
  return stableJson(now) === text || stableJson(redactValue(now)) === text
}

const EXCERPT = 80

const excerpt = (line: string | undefined): string =>
  line === undefined ? 'nothing' : JSON.stringify(line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line)

type Place = { line: number; recorded: string; now: string }

/** Where two texts part, and what stands there. */
export const partingOf = (now: string, recorded: string): Place => {
  const [a, b] = [redactText(now).split('\n'), recorded.split('\n')]
  const found = b.findIndex((line, at) => a[at] !== line)
  const at = found < 0 ? b.length : found
  return { line: at + 1, recorded: excerpt(b[at]), now: excerpt(a[at]) }
}
