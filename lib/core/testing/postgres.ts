import { execFile } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { readProcessEnv } from '../env'
import { accountForServer, findPostgres } from './postgres-binaries'

const exec = promisify(execFile)
const USER = 'clasper'
const SETTINGS = {
  listen_addresses: "''",
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  max_wal_size: '4GB',
  autovacuum_naptime: '10s',
}

/** What a benchmark needs that speaks of commits that survive a power cut. */
export const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }

const run = async (program: string, args: string[]) => {
  const PATH = readProcessEnv()['PATH'] ?? ''
  const { bin, libraries } = findPostgres(process.cwd(), PATH)
  const account = accountForServer()
  const searched = libraries.length > 0 ? { LD_LIBRARY_PATH: libraries.join(delimiter) } : {}
  await exec(join(bin, program), args, {
    cwd: '/',
    env: { NODE_ENV: 'test', PATH, LC_ALL: 'C', ...searched },
    ...(account ?? {}),
  })
}

export const urlOf = (folder: string, database: string) =>
  `postgresql://${USER}@localhost/${database}?host=${encodeURIComponent(folder)}`

/** Starts a throw-away cluster inside `folder`, reachable through a socket there and nowhere else. */
export const startPostgres = async (folder: string, others: Partial<typeof SETTINGS> = {}): Promise<void> => {
  const account = accountForServer()
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
  if (account !== null) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  await run('initdb', ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'])
  const settings = Object.entries({ ...SETTINGS, ...others, unix_socket_directories: `'${folder}'` })
  const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')
  await run('pg_ctl', ['-s', '-w', '-t', '60', '-D', data, '-l', join(folder, 'log'), '-o', options, 'start'])
}

export const stopPostgres = async (folder: string): Promise<void> => {
  const data = join(folder, 'data')
  if (existsSync(join(data, 'postmaster.pid'))) await run('pg_ctl', ['-s', '-m', 'immediate', '-D', data, 'stop'])
  rmSync(folder, { recursive: true, force: true })
}

const asAdmin = async (folder: string, statement: string) => {
  const client = new pg.Client({ connectionString: urlOf(folder, 'postgres') })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

export const createDatabase = async (folder: string, name: string, template = 'template1'): Promise<string> => {
  await asAdmin(folder, `CREATE DATABASE "${name}" TEMPLATE "${template}"`)
  return urlOf(folder, name)
}

export const dropDatabase = (folder: string, name: string) =>
  asAdmin(folder, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
