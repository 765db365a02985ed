import type { SpanDraft, SpanMessage } from './span-draft'
import type { Clean } from './span-shelf'
import { MOST_TEXT } from './sql-text'

// What a search finds of somebody else's run: what people asked and what models answered.

const MOST_LEAVES = 20

const spoken = (messages: readonly SpanMessage[], role: string): string[] =>
  messages
    .filter((message) => message.role === role)
    .flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.content] : [])))

const leavesOf = (value: unknown): string[] => {
  const found: string[] = []
  const waiting: unknown[] = [value]
  while (waiting.length > 0 && found.length < MOST_LEAVES) {
    const next = waiting.shift()
    if (typeof next === 'string') found.push(next)
    else if (typeof next === 'object' && next !== null) waiting.push(...Object.values(next).slice(0, MOST_LEAVES))
  }
  return found
}

const TALKING: ReadonlySet<string> = new Set(['inference', 'agent', 'workflow', 'task', 'step'])

export const textsOf = ({ kind, content, parentSpanId }: SpanDraft, clean: Clean): string[] => {
  if (!TALKING.has(kind) && parentSpanId !== null) return []
  const asked = spoken(content.input, 'user')
  const answered = spoken(content.output, 'assistant')
  const texts = [
    ...(asked.length > 0 ? asked : leavesOf(content.rawInput)),
    ...(answered.length > 0 ? answered : leavesOf(content.rawOutput)),
  ]
  return texts.filter((text) => text.trim() !== '').map((text) => clean.text(text.slice(0, MOST_TEXT)))
}

// The same words are found once. Null when there is nothing to add.
export const addTexts = (before: string, texts: Iterable<string>): string | null => {
  let all = before
  for (const text of new Set(texts)) {
    if (all.length >= MOST_TEXT) break
    if (!all.includes(text)) all = all === '' ? text : `${all}\n${text}`
  }
  return all === before ? null : all.slice(0, MOST_TEXT)
}
