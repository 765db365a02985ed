import { resolve } from 'node:path'
import type { Dialect } from './schema-source'

export type DbTarget = { dialect: 'sqlite'; path: string } | { dialect: 'postgresql'; url: string }

const sqlitePath = (url: string) => {
  if (url.startsWith('file://')) return decodeURIComponent(new URL(url).pathname)
  return resolve(/* turbopackIgnore: true */ process.cwd(), url.slice('file:'.length).split('?')[0] ?? '')
}

/** `file:…` or `postgresql://…`, as `env().databaseUrl` holds it. */
export const targetOf = (url: string): DbTarget => {
  if (url.startsWith('file:')) return { dialect: 'sqlite', path: sqlitePath(url) }
  if (/^postgres(ql)?:\/\//.test(url)) return { dialect: 'postgresql', url }
  throw new Error('A database URL starts with file: or postgresql:')
}

export const dialectOf = (url: string): Dialect => targetOf(url).dialect
