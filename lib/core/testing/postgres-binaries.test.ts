import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { findPostgres } from './postgres-binaries'

const folder = () => mkdtempSync(join(inject('runFolder'), 'binaries-'))

const serverIn = (bin: string) => {
  mkdirSync(bin, { recursive: true })
  for (const name of ['initdb', 'pg_ctl', 'postgres']) writeFileSync(join(bin, name), '')
  return bin
}

it('takes the newest packaged server first', () => {
  const packaged = folder()
  serverIn(join(packaged, '9/bin'))
  const newest = serverIn(join(packaged, '17/bin'))
  expect(findPostgres(folder(), serverIn(folder()), packaged)).toEqual({ bin: newest, libraries: [] })
})

it('then one on the path', () => {
  const bin = serverIn(folder())
  expect(findPostgres(folder(), `/nowhere:${bin}`, '/nowhere').bin).toBe(bin)
})

it('then one unpacked below .cache, with the libraries beside it', () => {
  const root = folder()
  const bin = serverIn(join(root, '.cache/postgres/usr/lib/postgresql/15/bin'))
  const libraries = join(root, '.cache/postgres/usr/lib/x86_64-linux-gnu')
  mkdirSync(libraries, { recursive: true })
  writeFileSync(join(libraries, 'libpq.so.5'), '')
  expect(findPostgres(root, '', '/nowhere')).toEqual({ bin, libraries: [libraries] })
})

it('else names the package to install', () => {
  expect(() => findPostgres(folder(), '', '/nowhere')).toThrow('apt-get install postgresql')
})
