import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Problem } from '@/lib/shared/problem'
import { newServiceKey } from './fresh-key'
import { kernel } from './kernel'

const Kept = z.object({ service_key: z.string(), session_secret: z.string(), secrets_key: z.string() })
type Kept = z.infer<typeof Kept>

export type LocalSecrets = { path: string; daemonKey: string; sessionSecret: string; secretsKey: string }

const fresh = (): Kept => ({
  service_key: newServiceKey().text,
  session_secret: randomBytes(32).toString('hex'),
  secrets_key: randomBytes(32).toString('hex'),
})

// Created exclusively: of two processes that start together one writes and both read the same file.
const writeOnce = (path: string): void => {
  try {
    writeFileSync(path, `${JSON.stringify(fresh(), null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

const load = (): LocalSecrets => {
  const folder = resolve(kernel().env.CLASPER_STATE_DIR)
  const path = join(folder, 'secrets.json')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeOnce(path)
  const kept = Kept.parse(JSON.parse(readFileSync(path, 'utf8')))
  return { path, daemonKey: kept.service_key, sessionSecret: kept.session_secret, secretsKey: kept.secrets_key }
}

// Development and the demo make up what production must be told.
export const mayInvent = (): boolean => !kernel().env.isProduction || kernel().env.profile === 'demo'

export const localSecrets = (): LocalSecrets => kernel().slot('core.local-secrets', load)

const orInvented = (value: string, name: string, pick: (secrets: LocalSecrets) => string): string => {
  if (value !== '') return value
  if (mayInvent()) return pick(localSecrets())
  throw new Problem('config_error', `${name} is not set.`)
}

export const sessionSecret = (): string =>
  orInvented(kernel().env.NEXTAUTH_SECRET, 'NEXTAUTH_SECRET', (secrets) => secrets.sessionSecret)

export const secretsKey = (): string =>
  orInvented(kernel().env.CLASPER_SECRETS_KEY, 'CLASPER_SECRETS_KEY', (secrets) => secrets.secretsKey)

// Empty only in production that relies on key rows alone.
export const daemonKey = (): string => {
  const { AGENT_DAEMON_API_KEY: given } = kernel().env
  if (given !== '') return given
  return mayInvent() ? localSecrets().daemonKey : ''
}
