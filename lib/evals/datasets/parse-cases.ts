import { parse } from 'csv-parse/sync'
import { EvalCase, MOST_CASES } from '../contract'
import { fromText } from './formula'
import { invalid } from './identity'

export type Format = 'json' | 'jsonl' | 'csv'

const MOST_FAULTS = 50

type Found = { at: string; value: unknown } | { at: string; fault: string }

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300)

const read = (at: string, text: string): Found => {
  try {
    return { at, value: JSON.parse(text) as unknown }
  } catch (error) {
    return { at, fault: messageOf(error) }
  }
}

const inJson = (text: string): Found[] => {
  const found = read('the file', text)
  if ('fault' in found) return [found]
  const { value } = found
  const inside = typeof value === 'object' && value !== null && 'cases' in value ? value.cases : value
  if (!Array.isArray(inside)) return [{ at: 'the file', fault: 'must be a list of cases, or an object with cases' }]
  return inside.slice(0, MOST_CASES + 1).map((one: unknown, i) => ({ at: `case ${i + 1}`, value: one }))
}

// One more than there may be says that there are too many; the rest is not read.
const inLines = (text: string): Found[] => {
  const found: Found[] = []
  let [from, line] = [0, 0]
  while (from < text.length && found.length <= MOST_CASES) {
    const end = text.indexOf('\n', from)
    const until = end < 0 ? text.length : end
    line++
    const one = text.slice(from, until).trim()
    if (one !== '') found.push(read(`line ${line}`, one))
    from = until + 1
  }
  return found
}

const LISTS = ['tags', 'expected_tool_calls', 'acceptable_outputs'] as const
const OBJECTS = ['metadata', 'mocks', 'scorers', 'history'] as const
const TEXTS = ['id', 'name'] as const

const isJson = (cell: string): boolean => /^\s*[[{]/.test(cell)

const jsonOr = (cell: string, other: (cell: string) => unknown): unknown => {
  if (!isJson(cell)) return other(cell)
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return other(cell)
  }
}

const listIn = (cell: string): string[] =>
  cell
    .split('|')
    .map((item) => item.trim())
    .filter((item) => item !== '')

// An answer may begin like a list and be a sentence, so only objects are read as such.
const saidIn = (cell: string): unknown => (cell.trimStart().startsWith('{') ? jsonOr(cell, (text) => text) : cell)

type Record = Readonly<{ [column: string]: string }>

const plainRow = (row: Record): Record =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, fromText(cell)]))

const caseOfRow = (row: Record): unknown => {
  const known = new Set<string>([...LISTS, ...OBJECTS, ...TEXTS, 'input', 'expected_output'])
  const filled = (name: string) => (row[name] ?? '') !== ''
  const pick = (names: readonly string[], of: (cell: string) => unknown) =>
    Object.fromEntries(names.filter(filled).map((name) => [name, of(row[name] ?? '')]))
  const others = Object.keys(row).filter((name) => !known.has(name) && filled(name))
  const metadata = {
    ...(filled('metadata') ? (jsonOr(row['metadata'] ?? '', (text) => ({ note: text })) as object) : {}),
    ...Object.fromEntries(others.map((name) => [name, row[name]])),
  }
  return {
    ...pick(TEXTS, (cell) => cell),
    ...pick(['input', 'expected_output'], saidIn),
    ...pick(LISTS, (cell) => jsonOr(cell, listIn)),
    ...pick(['mocks', 'scorers', 'history'], (cell) => jsonOr(cell, (text) => text)),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  }
}

const inCsv = (text: string): Found[] => {
  try {
    const rows = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim()),
      skip_empty_lines: true,
      info: true,
      max_record_size: 1_000_000,
      to: MOST_CASES + 1,
    }) as unknown as { record: Record; info: { lines: number } }[]
    return rows.map(({ record, info }) => ({ at: `line ${info.lines}`, value: caseOfRow(plainRow(record)) }))
  } catch (error) {
    return [{ at: 'the file', fault: messageOf(error) }]
  }
}

const READERS = { json: inJson, jsonl: inLines, csv: inCsv } as const

const checked = (found: Found, faults: string[]): EvalCase[] => {
  if ('fault' in found) {
    faults.push(`${found.at}: ${found.fault}`)
    return []
  }
  const parsed = EvalCase.safeParse(found.value)
  if (parsed.success) return [parsed.data]
  for (const { path, message } of parsed.error.issues) faults.push(`${found.at}: ${[...path, message].join(' ')}`)
  return []
}

/** Cases from the text of a file. All that is wrong is told at once, with its line. */
export const parseCases = (format: Format, text: string): EvalCase[] => {
  const found = READERS[format](text.replace(/^\ufeff/, ''))
  if (found.length > MOST_CASES) invalid([`the file holds more than ${MOST_CASES} cases`])
  const faults: string[] = []
  const cases = found.flatMap((one) => (faults.length > MOST_FAULTS ? [] : checked(one, faults)))
  if (faults.length > 0) invalid(faults)
  return cases.length === 0 ? invalid(['the file holds no case']) : cases
}

/** The same for a name of a file. */
export const formatOf = (path: string): Format =>
  path.endsWith('.csv') ? 'csv' : path.endsWith('.jsonl') ? 'jsonl' : 'json'
