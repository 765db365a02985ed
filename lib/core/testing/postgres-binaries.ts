import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

export type Postgres = { bin: string; libraries: string[] }
export type Account = { uid: number; gid: number }

const isServer = (bin: string) => existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'pg_ctl'))
const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory()
const folders = (path: string) => (isFolder(path) ? readdirSync(path).map((name) => join(path, name)) : [])
const newestFirst = (a: string, b: string) => b.localeCompare(a, undefined, { numeric: true })

const below = (folder: string, wanted: (path: string) => boolean, depth = 7): string[] => {
  if (depth === 0) return []
  return folders(folder)
    .filter(isFolder)
    .flatMap((path) => (wanted(path) ? [path] : below(path, wanted, depth - 1)))
}

const installed = (path: string, packaged: string) =>
  [
    ...folders(packaged)
      .sort(newestFirst)
      .map((home) => join(home, 'bin')),
    ...path.split(delimiter),
  ].filter(isServer)

const holdsLibraries = (folder: string) => readdirSync(folder).some((name) => /^lib(pq|icu).*\.(so|dylib)/.test(name))

const unpacked = (cache: string): Postgres[] =>
  below(cache, isServer)
    .sort(newestFirst)
    .map((bin) => ({ bin, libraries: [join(dirname(bin), 'lib'), ...below(cache, holdsLibraries)].filter(isFolder) }))

const ADVICE = `The tests need a PostgreSQL server and found none.
Install the package "postgresql" (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql@16),
or unpack one below .cache/postgres.`

/** An installed server, else one unpacked below .cache/postgres. Never a silent skip. */
export const findPostgres = (root: string, path: string, packaged = '/usr/lib/postgresql'): Postgres => {
  const found = [
    ...installed(path, packaged).map((bin) => ({ bin, libraries: [] })),
    ...unpacked(join(root, '.cache/postgres')),
  ][0]
  if (found === undefined) throw new Error(ADVICE)
  return found
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where that account is missing. */
export const accountForServer = (): Account | null => {
  if (process.getuid?.() !== 0) return null
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  if (account === undefined) throw new Error('Running as root: an account named "postgres" is needed')
  return { uid: Number(account[2]), gid: Number(account[3]) }
}
