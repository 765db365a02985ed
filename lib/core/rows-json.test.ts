import { beforeEach, expect, it } from 'vitest'
import { jobWrite } from './outbox'
import { storableJson } from './rows-json'
import { systemDb } from './system-db'
import { describeEachDialect } from './testing/database'
import { newTenant, type TestTenant, useKernel } from './testing/kernel'

it.each([
  ['a\0b', 'a\ufffdb'],
  ['\ud800 and \udc00', '\ufffd and \ufffd'],
  ['a pair \ud83d\ude00 stays', 'a pair \ud83d\ude00 stays'],
  ['text that looks so: \\u0000 \\ud800', 'text that looks so: \\u0000 \\ud800'],
  ['\\\0', '\\\ufffd'],
  ['\\\\u0000\0', '\\\\u0000\ufffd'],
  ['"\n\u001b\\', '"\n\u001b\\'],
])('%j is stored as %j', (text, stored) => {
  expect(JSON.parse(storableJson([{ text, [text]: 1 }]))).toEqual([{ text: stored, [stored]: 1 }])
})

describeEachDialect('characters that no database keeps', (dialect) => {
  useKernel(dialect)
  let tenant: TestTenant
  beforeEach(async () => {
    tenant = await newTenant()
  })
  const payload = { 'k\0': 'a\0b', half: '\ud800' }
  const kept = { 'k\ufffd': 'a\ufffdb', half: '\ufffd' }
  const jobs = () => systemDb().job.findMany({ where: { tenantId: tenant.id } })

  it('do not fail a command', async () => {
    const { write } = jobWrite({ kind: 'none', payload })
    await tenant.scope.command({ audit: [{ event: 'config_change', data: payload }], writes: [write] })
    expect((await jobs()).map((job) => job.payload)).toEqual([kept])
  })

  it('do not fail a mutation', async () => {
    const { write } = jobWrite({ kind: 'none', payload })
    await tenant.scope.mutate({ event: 'config_change', data: payload }, (db) => db.run(write.statement, write.rows))
    expect((await jobs()).map((job) => job.payload)).toEqual([kept])
  })
})
