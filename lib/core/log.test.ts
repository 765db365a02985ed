import { expect, it } from 'vitest'
import { createLog } from './log'
import { redactText, redactValue } from './redact'

const KEY = 'clk_Ac9mVoC7_daEE7QfABa5AGUA4WsEfYuKuGayorEjaMGXEAVwJ8UN'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0abcdef.c2lnbmF0dXJlLXNpZ25hdHVyZQ'

const linesOf = (write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] => {
  const lines: string[] = []
  write(createLog('debug', { write: (line) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

it('writes one JSON object a line with a constant message', () => {
  const [line] = linesOf((log) => log.child({ requestId: 'r' }).info('done', { count: 1 }))
  expect(line).toMatchObject({ level: 'info', msg: 'done', requestId: 'r', count: 1 })
})

it('never writes a secret, wherever it hides', () => {
  const text = JSON.stringify(
    linesOf((log) => {
      log.info('a', { password: 'hunter2', nested: { token: 'hunter2' }, deeper: { one: { secret: 'hunter2' } } })
      log.error('b', {
        error: new Error(`refused ${KEY}`, { cause: new Error(`because ${JWT}`) }),
        note: `Bearer ${'x'.repeat(30)}`,
      })
      log.warn('c', { url: 'postgresql://app:hunter2@db/x' })
    }),
  )
  for (const secret of ['hunter2', KEY, JWT, 'x'.repeat(30)]) expect(text).not.toContain(secret)
  expect(text).toContain('[API_KEY]')
})

it('redacts at any depth and leaves other text alone', () => {
  expect(redactValue({ a: [`key ${KEY}`], b: 1 })).toEqual({ a: ['key [API_KEY]'], b: 1 })
  expect(redactText('nothing to see in tenant-01')).toBe('nothing to see in tenant-01')
})
