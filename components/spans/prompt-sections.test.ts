import { describe, expect, test } from 'vitest'
import { promptSections, roughTokens } from './prompt-sections'

const titles = (prompt: string): string[] => promptSections(prompt).map(({ title }) => title)

describe('sections of a system prompt', () => {
  test.each([
    ['', []],
    ['  \n ', []],
    ['Be kind.', ['Beginning']],
    ['# Soul\nBe kind.\n## Tools\nFew.', ['Soul', 'Tools']],
    ['Hello\n# Soul\nBe kind.', ['Beginning', 'Soul']],
    ['# Soul\n```\n# not a heading\n```\n# Tools', ['Soul', 'Tools']],
    ['#hashtag\n### too deep', ['Beginning']],
  ])('%j has the sections %j', (prompt, expected) => {
    expect(titles(prompt)).toEqual(expected)
  })

  test('texts keep their lines, and each has its own estimate', () => {
    const [soul] = promptSections('# Soul\n\nBe kind.\nBe brief.\n')
    expect(soul).toEqual({ title: 'Soul', text: 'Be kind.\nBe brief.', tokens: 5 })
  })

  test('a prompt of headings alone does not become thousands of rows', () => {
    expect(promptSections('# a\n'.repeat(10_000)).length).toBeLessThan(300)
  })

  test('about four letters are a token', () => {
    expect([roughTokens(''), roughTokens('abcd'), roughTokens('abcde')]).toEqual([0, 1, 2])
  })
})
