import type pg from 'pg'
import { expect, it } from 'vitest'
import { systemClock } from '../clock'
import type { PrismaClient } from '../generated/sqlite/client'
import { isAnswered, postgresqlWriter } from './writer'

type Answer = (sql: string) => Promise<{ rows: unknown[] }>

// A connection that breaks at a chosen statement: no real server can be asked to do that at will.
const poolOf = (answer: Answer, released: unknown[]): pg.Pool =>
  ({
    connect: async () => ({
      query: (input: string | { text: string }) => answer(typeof input === 'string' ? input : input.text),
      release: (error?: unknown) => void released.push(error),
    }),
  }) as unknown as pg.Pool

const commands = [1, 2, 3].map((n) => ({
  tenantId: `t${n}`,
  audit: [{ event: 'config_change' as const, actor: 'test' }],
  writes: [],
}))

const runAll = async (answer: Answer) => {
  const released: unknown[] = []
  const writer = postgresqlWriter(poolOf(answer, released), {} as PrismaClient, systemClock)
  const outcomes = await Promise.allSettled(commands.map((command) => writer.command(command)))
  return { outcomes: outcomes.map((outcome) => outcome.status), released }
}

const serverSays = (code: string) => Object.assign(new Error(code), { code, severity: 'ERROR' })

it('never repeats a group whose commit may have happened', async () => {
  const inserts: string[] = []
  const { outcomes } = await runAll(async (sql) => {
    if (sql.startsWith('INSERT')) inserts.push(sql)
    if (sql === 'COMMIT') throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    return { rows: [] }
  })
  expect(outcomes).toEqual(['rejected', 'rejected', 'rejected'])
  expect(inserts.length).toBe(3)
})

it('lets each command stand alone when the server refused the group', async () => {
  let commits = 0
  const { outcomes } = await runAll(async (sql) => {
    if (sql === 'COMMIT' && ++commits === 1) throw serverSays('23505')
    return { rows: [] }
  })
  expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'fulfilled'])
})

it('throws a connection away that cannot even roll back', async () => {
  const { released } = await runAll(async (sql) => {
    if (sql !== 'BEGIN') throw Object.assign(new Error('gone'), { code: 'EPIPE' })
    return { rows: [] }
  })
  expect(released[0]).toBeInstanceOf(Error)
})

it('takes only the word of the server', () => {
  expect(isAnswered(serverSays('23505'))).toBe(true)
  expect(isAnswered(serverSays('57P01'))).toBe(false)
  expect(isAnswered(serverSays('08006'))).toBe(false)
  expect(isAnswered(new Error('Connection terminated'))).toBe(false)
})
