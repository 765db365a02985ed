import { readFileSync } from 'node:fs'
import { foundIn, NO_RULES } from '../rules'

type Sample = { text: string; spans: readonly (readonly [kind: string, from: number, to: number])[] }

export const readCorpus = (): Sample[] =>
  readFileSync(new URL('./samples.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sample)

export type Score = { kind: string; samples: number; found: number; missed: number; wrong: number }

// Two kinds of one thing: what counts is that it is masked alike.
const SAME: Readonly<Record<string, string>> = { phone_us: 'phone', phone_intl: 'phone', ipv6: 'ip', ip_address: 'ip' }
const family = (kind: string): string => SAME[kind] ?? kind

/** Found is what is covered whole; wrong is whatever is masked where nothing of that kind stands. */
export const scoreCorpus = (samples: readonly Sample[] = readCorpus()) => {
  const scores = new Map<string, Score>()
  const of = (kind: string): Score => {
    const known = scores.get(kind) ?? { kind, samples: 0, found: 0, missed: 0, wrong: 0 }
    scores.set(kind, known)
    return known
  }
  const faults: { text: string; fault: string }[] = []
  for (const { text, spans } of samples) {
    const found = foundIn(NO_RULES, text)
    for (const [kind, from, to] of spans) {
      const score = of(kind)
      score.samples += 1
      if (found.some((span) => span.from <= from && span.to >= to)) score.found += 1
      else {
        score.missed += 1
        faults.push({ text, fault: `missed ${kind}` })
      }
    }
    for (const span of found) {
      const isRight = spans.some(
        ([kind, from, to]) => from < span.to && to > span.from && family(kind) === family(span.type),
      )
      if (isRight) continue
      of(span.type).wrong += 1
      faults.push({ text, fault: `wrong ${span.type}` })
    }
  }
  return { scores: [...scores.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)), faults }
}

export const recallOf = ({ samples, found }: Score): number => (samples === 0 ? 1 : found / samples)
export const precisionOf = ({ found, wrong }: Score): number => (found + wrong === 0 ? 1 : found / (found + wrong))
