import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite, type SqliteHandle } from './open'

let folder = ''
const open: SqliteHandle[] = []
const connect = (mode: 'write' | 'read') => {
  const db = openSqlite(join(folder, 'deep/a.db'), { mode, busyTimeoutMs: 300 })
  open.push(db)
  return db
}
const rule = (db: SqliteHandle, name: string) => db.prepare(`PRAGMA ${name}`).raw().all().flat()[0]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clasper-open-'))
})
afterEach(() => {
  for (const db of open.splice(0)) db.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('openSqlite', () => {
  it('sets every rule on a writer', () => {
    const db = connect('write')
    expect(rule(db, 'journal_mode')).toBe('wal')
    expect(rule(db, 'synchronous')).toBe(2)
    expect(rule(db, 'foreign_keys')).toBe(1)
    expect(rule(db, 'recursive_triggers')).toBe(1)
    expect(rule(db, 'busy_timeout')).toBe(300)
    expect(rule(db, 'query_only')).toBe(0)
  })

  it('gives readers no way to write', () => {
    connect('write').exec('CREATE TABLE t (x)')
    const reader = connect('read')
    expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly/)
    expect(() => reader.prepare('DELETE FROM t').run()).toThrow(/readonly/)
    expect(rule(reader, 'recursive_triggers')).toBe(1)
  })

  it('does not create a file for a reader', () => {
    expect(() => connect('read')).toThrow('No database at')
  })

  it('keeps the files for their owner alone', () => {
    const db = connect('write')
    db.exec('CREATE TABLE t (x)')
    for (const end of ['', '-wal', '-shm']) expect(statSync(join(folder, `deep/a.db${end}`)).mode & 0o777).toBe(0o600)
  })

  it('waits for a lock only as long as it was told', () => {
    const first = connect('write')
    const second = connect('write')
    first.exec('BEGIN IMMEDIATE')
    const start = performance.now()
    expect(() => second.exec('BEGIN IMMEDIATE')).toThrow(/locked/)
    expect(performance.now() - start).toBeGreaterThan(250)
  })

  it('fires delete triggers when REPLACE removes a row', () => {
    const db = connect('write')
    db.exec(`CREATE TABLE t (x PRIMARY KEY);
      CREATE TRIGGER keep BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'append only'); END;
      INSERT INTO t VALUES (1)`)
    expect(() => db.exec('REPLACE INTO t VALUES (1)')).toThrow('append only')
  })
})
