import { describe, expect, it, test } from 'vitest'
import { withIds } from './identity'
import { parseCases } from './parse-cases'
import { writeCases } from './write-cases'

const faultsOf = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    return (error as { details: { fieldErrors: { cases: string[] } } }).details.fieldErrors.cases
  }
  return []
}

describe('files of cases', () => {
  it('as a list, as an object, line by line and as a table say the same', () => {
    const cases = [
      { id: 'a', input: 'Where is 1?', expected_output: 'There', tags: ['x', 'y'], metadata: { hard: true } },
      { id: 'b', input: { q: 1 }, expected_tool_calls: ['look_up', { name: 'pay', arguments: { n: 1 } }] },
    ]
    const list = parseCases('json', JSON.stringify(cases))
    expect(list).toEqual(cases)
    expect(parseCases('json', JSON.stringify({ name: 'd', cases }))).toEqual(cases)
    expect(parseCases('jsonl', `\ufeff${cases.map((one) => JSON.stringify(one)).join('\r\n')}\n\n`)).toEqual(cases)
    for (const format of ['json', 'jsonl', 'csv'] as const)
      expect(parseCases(format, writeCases(format, 'd', 1, withIds(cases)))).toEqual(cases)
  })

  it('reads a table as people write it', () => {
    const text = '\ufeffid, input,expected_output,tags,team\r\n1,"Say ""hi"",\nplease",hi,a|b,blue\r\n,second,,,\r\n'
    expect(parseCases('csv', text)).toEqual([
      { id: '1', input: 'Say "hi",\nplease', expected_output: 'hi', tags: ['a', 'b'], metadata: { team: 'blue' } },
      { input: 'second' },
    ])
  })

  it('goes there and back with what is hard to write', () => {
    const cases = withIds([
      { id: 'hard', input: ' a,"b"\n', expected_output: '[not json]', acceptable_outputs: ['a|b', { c: 1 }] },
      { id: 'mocks', input: '=1+1', mocks: { pay: { returns: { ok: true } } }, scorers: [] },
    ])
    expect(parseCases('csv', writeCases('csv', 'd', 1, cases))).toEqual(cases)
  })

  test.each([
    ['jsonl', '{"input":"a"}\n{"input":\n', 'line 2'],
    ['jsonl', '{"input":"a"}\n\n{"inputs":"b"}', 'line 3'],
    ['json', '{"cases":3}', 'the file'],
    ['json', '[{"input":""}]', 'case 1'],
    ['json', '[]', 'no case'],
    ['csv', 'input,expected_output\nonly one column\n', 'the file'],
    ['csv', 'question\nx\n', 'input'],
    ['jsonl', '{"input":"a","scorers":[{"type":"unknown"}]}', 'line 1'],
  ] as const)('%s %j is refused where it stands', (format, text, word) => {
    expect(faultsOf(() => parseCases(format, text)).join('; ')).toContain(word)
  })

  it('tells many faults at once, but not without end', () => {
    const lines = Array.from({ length: 500 }, () => '{"input":1}').join('\n')
    const faults = faultsOf(() => parseCases('jsonl', lines))
    expect(faults.length).toBeGreaterThan(10)
    expect(faults.length).toBeLessThanOrEqual(50)
  })

  it('refuses more cases than a dataset holds', () => {
    const lines = '{"input":"a"}\n'.repeat(10_001)
    expect(faultsOf(() => parseCases('jsonl', lines)).join()).toContain('10000')
  })
})

describe('a file for a spreadsheet', () => {
  const cases = [
    ...['=HYPERLINK("http://x","y")', '+1', '-5', '@SUM(1)', '\t=1', "'=1", "''+x", "'tis so", '＝1', ' =1'].map(
      (input, at) => ({ id: `c${at}`, input, expected_output: input, metadata: { note: input } }),
    ),
  ]
  it('holds no formula', () => {
    const [, ...lines] = writeCases('csv', 'd', 1, cases).split('\r\n')
    const cells = lines.filter((line) => line !== '').map((line) => /^c\d+,,("?)(.*)$/.exec(line)?.[2] ?? '')
    expect(cells).toHaveLength(cases.length)
    for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@＝]/)
  })
  it('gives the same cases when it is read again', () => {
    for (const format of ['csv', 'jsonl', 'json'] as const)
      expect(parseCases(format, writeCases(format, 'd', 1, cases))).toEqual(cases)
  })
})

describe('names of cases', () => {
  it('come from what is asked, so that a case put in between leaves the others alone', () => {
    const [first, second] = withIds([{ input: 'one' }, { input: 'two' }])
    const [, , third] = withIds([{ input: 'one' }, { input: 'between' }, { input: 'two' }])
    expect(third?.id).toBe(second?.id)
    expect(first?.id).not.toBe(second?.id)
  })
  it('differ where the same is asked twice', () => {
    const ids = withIds([{ input: 'one' }, { input: 'one' }, { input: 'one' }]).map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })
  it('are refused where two are given alike', () => {
    expect(
      faultsOf(() =>
        withIds([
          { id: 'a', input: '1' },
          { id: 'a', input: '2' },
        ]),
      ).join(),
    ).toContain('two cases')
  })
})
