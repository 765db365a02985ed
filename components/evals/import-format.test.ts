import { expect, it } from 'vitest'
import { formatOfText } from './import-format'

it.each([
  ['', 'jsonl'],
  ['{"input":"a"}\n{"input":"b"}', 'jsonl'],
  ['  [{"input":"a"}]', 'json'],
  ['{\n  "cases": []\n}', 'json'],
  ['{"cases":[{"input":"a"}]}', 'json'],
  ['input,expected_output\na,b', 'csv'],
])('%j is told for %s', (text, format) => {
  expect(formatOfText(text)).toBe(format)
})
