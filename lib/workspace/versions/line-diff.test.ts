import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useFolder } from '@/lib/core/testing/folder'
import { lineDiff, newDiffBudget } from './line-diff'

// What `patch` would make of it: the hunks alone turn one text into the other.
const patched = (before: string, after: string): string => {
  const { hunks } = lineDiff(before, after, newDiffBudget())
  const lines = before.match(/[^\n]*\n|[^\n]+/g) ?? []
  const out: string[] = []
  let at = 0
  for (const hunk of hunks ?? []) {
    const start = hunk.old_lines === 0 ? hunk.old_start : hunk.old_start - 1
    out.push(...lines.slice(at, start))
    at = start + hunk.old_lines
    for (const line of hunk.lines) {
      const [text = '', open] = line.split('\n')
      if (text[0] !== '-') out.push(open === undefined ? `${text.slice(1)}\n` : text.slice(1))
    }
  }
  return [...out, ...lines.slice(at)].join('')
}

describe('a diff by lines', () => {
  const folder = useFolder()

  it('turns any text into any other', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd'), { maxLength: 30 })
      .map((lines) => lines.map((line, at) => (line === 'd' && at < lines.length - 1 ? 'd\n' : line)).join(''))
    fc.assert(
      fc.property(text, text, (a, b) => patched(a, b) === b),
      { numRuns: 500 },
    )
  })

  it('is the one that Git prints', () => {
    const before = Array.from({ length: 40 }, (_, at) => `line ${at}`).join('\n')
    const after = before.replace('line 3\n', '').replace('line 20', 'line twenty\nand more').concat('\n')
    folder.write({ before, after })
    const { hunks, added, removed } = lineDiff(before, after, newDiffBudget())
    const told = (hunks ?? []).flatMap(({ old_start, old_lines, new_start, new_lines, lines }) => [
      `@@ -${old_start},${old_lines} +${new_start},${new_lines} @@`,
      ...lines,
    ])
    const wanted = (() => {
      try {
        return execFileSync('git', ['diff', '--no-index', folder.at('before'), folder.at('after')], {
          encoding: 'utf8',
        })
      } catch (error) {
        return String((error as { stdout: string }).stdout)
      }
    })()
    const hunksOfGit = wanted.slice(wanted.indexOf('@@')).replaceAll(/^(@@ .* @@).*$/gm, '$1')
    expect(`${told.join('\n')}\n`).toBe(hunksOfGit)
    expect({ added, removed }).toEqual({ added: 3, removed: 3 })
  })

  it('shows no more than its budget, and counts all the same', () => {
    const before = Array.from({ length: 3_000 }, (_, at) => `old ${at}\n`).join('')
    const after = Array.from({ length: 3_000 }, (_, at) => `new ${at}\n`).join('')
    const budget = { cells: 20_000_000, characters: 1_000 }
    expect(lineDiff(before, after, budget)).toEqual({ added: 3_000, removed: 3_000, hunks: null })
    expect(lineDiff(before, after, { cells: 1_000, characters: 1_000_000 }).hunks).toBeNull()
    expect(lineDiff(before, `${before}more\n`, { cells: 10, characters: 1_000 })).toMatchObject({
      added: 1,
      removed: 0,
    })
  })
})
