import { describe, expect, it } from 'vitest'
import { CONTRARY, mergeWrites } from './group'
import { writeStatement } from './statement'
import type { Command } from './writer'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => writeStatement(name, 'SELECT :rows'))
type Named = typeof a

const command = (...writes: readonly (readonly [Named, boolean?])[]): Command => ({
  tenantId: 't',
  audit: [],
  writes: writes.flatMap(([statement, guard]) => (statement ? [{ statement, rows: [{}], guard: guard ?? false }] : [])),
})

const names = (...commands: readonly Command[]) => mergeWrites(commands).map(({ statement }) => statement.name)

describe('the order of a group', () => {
  it('is that of each command, a guard or not', () => {
    expect(names(command([c, true], [d]), command([a], [b], [c, true], [d]))).toEqual(['a', 'b', 'c', 'd'])
    expect(names(command([b]), command([a], [b]))).toEqual(['a', 'b'])
  })

  it('holds the rows of all commands of a statement', () => {
    expect(mergeWrites([command([a]), command([a])]).map(({ rows }) => rows.length)).toEqual([2])
  })

  it('cannot be had where two commands disagree', () => {
    const caught = (() => {
      try {
        return names(command([a], [b]), command([b], [a]))
      } catch (error) {
        return error
      }
    })()
    expect(caught).toBe(CONTRARY)
  })
})
