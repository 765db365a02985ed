import { Parser, parse } from 'yaml'

export type FrontMatter =
  | { ok: true; keys: ReadonlyMap<string, unknown>; body: string; warnings: readonly string[] }
  | { ok: false; reason: string }

type Split = { head: string | null; body: string }

// Reading takes longer than twice the time for twice the text, so the text is short.
const MOST_HEAD = 16_384
const FENCE = /^\ufeff?---[ \t]*\r?\n/
const END = /^---[ \t]*(?:\r?\n|$)/m
const KEY_LINE = /^([A-Za-z_][\w.-]*)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$/

const split = (text: string): Split | null => {
  const start = FENCE.exec(text)
  if (!start) return { head: null, body: text }
  const rest = text.slice(start[0].length)
  const end = END.exec(rest)
  return end ? { head: rest.slice(0, end.index), body: rest.slice(end.index + end[0].length) } : null
}

const fromYaml = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'error' })
  } catch {
    return undefined
  }
}

type Token = { type?: string; [part: string]: unknown }

const isToken = (value: unknown): value is Token => typeof value === 'object' && value !== null

// An anchor lets one text stand in many places; no skill needs that, and an alias without one is no YAML.
const hasAnchors = (head: string): boolean => {
  const waiting: unknown[] = [...new Parser().parse(head)]
  while (waiting.length > 0) {
    const token = waiting.pop()
    if (Array.isArray(token)) for (const part of token) waiting.push(part)
    else if (isToken(token)) {
      if (token.type === 'anchor') return true
      for (const part of Object.values(token)) if (isToken(part)) waiting.push(part)
    }
  }
  return false
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unquoted = (text: string): string => /^(["'])(.*)\1$/.exec(text.trim())?.[2] ?? text.trim()

// One key with the lines that belong to it: what its neighbours got wrong does not spoil it.
const chunksOf = (head: string): { key: string; line: string; text: string }[] => {
  const chunks: { key: string; line: string; text: string }[] = []
  for (const line of head.split(/\r?\n/)) {
    const match = KEY_LINE.exec(line)
    const last = chunks.at(-1)
    if (match) chunks.push({ key: match[1] ?? '', line: match[2] ?? '', text: line })
    else if (last) last.text += `\n${line}`
  }
  return chunks
}

const byLine = (head: string): Map<string, unknown> => {
  const keys = new Map<string, unknown>()
  for (const { key, line, text } of chunksOf(head)) {
    const value = fromYaml(text)
    keys.set(key, isMap(value) && Object.hasOwn(value, key) ? value[key] : unquoted(line))
  }
  return keys
}

const NONE = 'The file has no front matter; name and description are missing'
const LINES = 'The front matter is not valid YAML; it was read line by line'

const refusalOf = (head: string): string | null => {
  if (Buffer.byteLength(head) > MOST_HEAD) return `the front matter is longer than ${MOST_HEAD} bytes`
  return hasAnchors(head) ? 'the front matter holds anchors' : null
}

// YAML first. Many files in the wild hold a colon too many: those are read key by key.
export const readFrontMatter = (text: string): FrontMatter => {
  const parts = split(text)
  if (!parts) return { ok: false, reason: 'the front matter has no end' }
  const { head, body } = parts
  if (head === null) return { ok: true, keys: new Map(), body, warnings: [NONE] }
  const refusal = refusalOf(head)
  if (refusal !== null) return { ok: false, reason: refusal }
  const whole = fromYaml(head)
  if (isMap(whole)) return { ok: true, keys: new Map(Object.entries(whole)), body, warnings: [] }
  const keys = byLine(head)
  if (keys.size === 0) return { ok: false, reason: 'the front matter holds no keys' }
  return { ok: true, keys, body, warnings: [LINES] }
}
