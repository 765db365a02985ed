import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Problem } from '@/lib/shared/problem'
import { kernel } from '../core/kernel'

// The first key of the file signs; further ones, private or public, only check what was signed before them.
export type AuditKeys = { privateKey: KeyObject; publicKey: KeyObject; known: readonly KeyObject[] }

const PEM = /-----BEGIN (PRIVATE|PUBLIC) KEY-----[\s\S]+?-----END \1 KEY-----/g

export const readAuditKeys = (pem: string): AuditKeys => {
  const blocks = [...pem.matchAll(PEM)].map(([text, kind]) => ({ text, isPrivate: kind === 'PRIVATE' }))
  const first = blocks[0]
  if (!first?.isPrivate)
    throw new Problem('config_error', 'The audit key file does not begin with a private key (PEM, PKCS #8)')
  const known = blocks.map(({ text }) => createPublicKey(text))
  const [publicKey] = known
  if (!publicKey || known.some((key) => key.asymmetricKeyType !== 'ed25519'))
    throw new Problem('config_error', 'The audit keys must be Ed25519')
  return { privateKey: createPrivateKey(first.text), publicKey, known }
}

export const newAuditKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

// Two processes may start at once: whoever creates the file first wins, the other reads it.
const createOnce = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, newAuditKey(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
}

const keyPath = (): string | null => {
  const { env } = kernel()
  if (env.CLASPER_AUDIT_KEY_PATH !== '') return env.CLASPER_AUDIT_KEY_PATH
  if (env.profile === 'production') return null
  const made = join(env.CLASPER_STATE_DIR, 'audit-key.pem')
  createOnce(made)
  return made
}

const load = (): AuditKeys | null => {
  const path = keyPath()
  if (path === null) return null
  try {
    return readAuditKeys(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isCode(error, 'ENOENT'))
      throw new Problem('config_error', 'The file of CLASPER_AUDIT_KEY_PATH is not there', undefined, { cause: error })
    throw error
  }
}

// The private key never enters the database: whoever holds only that cannot seal a rewritten log.
export const auditKeys = (): AuditKeys | null => kernel().slot('governance.audit-keys', () => ({ keys: load() })).keys

export const originOf = (tenantId: string): string => `${kernel().env.CLASPER_AUDIT_ORIGIN}/${tenantId}`
