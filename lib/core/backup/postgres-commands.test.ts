import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, inject, it } from 'vitest'
import { emptyDatabase, freshDatabase } from '../testing/database'
import { describeSchema } from '../testing/describe-schema'
import { findPostgres } from '../testing/postgres-binaries'
import { insertSampleRows, readRows } from '../testing/sample-rows'
import { dumpCommand, restoreCommand } from './postgres-commands'

const exec = promisify(execFile)

const inShell = (command: string, url: string) => {
  const { PATH = '' } = { ...process.env }
  const { bin, libraries } = findPostgres(process.cwd(), PATH)
  const searched = libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(delimiter) } : {}
  const env = { ...process.env, ...searched, PATH: `${bin}${delimiter}${PATH}`, DATABASE_URL: url }
  return exec('/bin/sh', ['-ec', command], { env })
}

it('names commands that carry a database over, triggers and all', async () => {
  const [from, into, again] = await Promise.all([
    freshDatabase('postgresql'),
    emptyDatabase('postgresql'),
    freshDatabase('postgresql'),
  ])
  const tables = await insertSampleRows(from.url)
  const file = join(inject('runFolder'), "it's a dump")
  await inShell(dumpCommand(file), from.url)
  expect(existsSync(file)).toBe(true)
  for (const target of [into, again]) {
    await inShell(restoreCommand(file), target.url)
    expect(await describeSchema(target.url)).toEqual(await describeSchema(from.url))
    expect(await readRows(target.url, tables)).toEqual(await readRows(from.url, tables))
  }
  await Promise.all([from, into, again].map((db) => db.close()))
})

it('never prints the URL, which holds a password', () => {
  expect(dumpCommand('a')).toContain('"$DATABASE_URL"')
  expect(restoreCommand('a')).toContain('"$DATABASE_URL"')
})
