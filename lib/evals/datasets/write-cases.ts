import type { KnownCase } from '../contract'
import { saidText } from '../scorers/texts'
import { asText } from './formula'
import type { Format } from './parse-cases'

const COLUMNS = [
  ...['id', 'name', 'input', 'expected_output', 'acceptable_outputs', 'expected_tool_calls'],
  ...['tags', 'mocks', 'scorers', 'history', 'metadata'],
] as const

const quoted = (cell: string): string => (/[",\r\n']|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const cellOf = (one: KnownCase, column: (typeof COLUMNS)[number]): string => {
  const value = (one as Record<string, unknown>)[column]
  if (value === undefined) return ''
  if (column === 'input' || column === 'expected_output') return saidText(value as string | Record<string, unknown>)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const csvOf = (cases: readonly KnownCase[]): string =>
  [
    COLUMNS.join(','),
    ...cases.map((one) => COLUMNS.map((column) => quoted(asText(cellOf(one, column)))).join(',')),
  ].join('\r\n')

/** A file that gives the same cases when it is read again. */
export const writeCases = (format: Format, name: string, version: number, cases: readonly KnownCase[]): string => {
  if (format === 'csv') return `${csvOf(cases)}\r\n`
  if (format === 'jsonl') return cases.map((one) => `${JSON.stringify(one)}\n`).join('')
  return `${JSON.stringify({ name, version, cases }, null, 2)}\n`
}
