import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { isProblem } from '@/lib/shared/problem'
import { contentHash, type Publication, readPublication, signedText } from '@/lib/skills'

type Json = Record<string, unknown>

const NAMES = ['skill.yaml', 'skill.yml', 'skill.json', 'SKILL.md'] as const
const MOST_BYTES = 1_048_576

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

// A folder is published by the first of its files that says what the skill is.
const fileOf = (path: string): string => {
  if (isFile(path)) return path
  const found = NAMES.map((name) => join(path, name)).find(isFile)
  if (found !== undefined) return found
  throw new Error(`${path} is no skill: there is none of ${NAMES.join(', ')}.`)
}

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const manifestIn = (path: string, text: string): Json => {
  const value: unknown = path.endsWith('.json')
    ? JSON.parse(text)
    : parse(text, { maxAliasCount: 0, logLevel: 'error' })
  if (isMap(value)) return value
  throw new Error(`${path} is no map of fields.`)
}

export type Wanted = { path: string; version: string | undefined; key: string | undefined }

const bodyOf = (path: string, version: string | undefined): Json => {
  if (statSync(path).size > MOST_BYTES) throw new Error(`${path} is larger than 1 MiB.`)
  const text = readFileSync(path, 'utf8')
  if (!path.endsWith('.md')) return { manifest: manifestIn(path, text) }
  return { markdown: text, ...(version === undefined ? {} : { version }) }
}

const signatureBy = (key: string, hash: string): string => {
  const privateKey = createPrivateKey(readFileSync(key))
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${key} is no Ed25519 key.`)
  return sign(null, signedText(hash), privateKey).toString('base64')
}

type Told = { formErrors?: readonly string[]; fieldErrors?: Readonly<Record<string, readonly string[]>> }

// Everything that is wrong with it, before anybody is asked.
const explained = (error: unknown): unknown => {
  if (!isProblem(error)) return error
  const { formErrors = [], fieldErrors = {} } = (error.details ?? {}) as Told
  const fields = Object.entries(fieldErrors).flatMap(([field, faults]) => faults.map((fault) => `${field}: ${fault}`))
  return new Error([error.message, ...formErrors, ...fields].join('\n  '), { cause: error })
}

const read = (body: Json): Publication => {
  try {
    return readPublication(body)
  } catch (error) {
    throw explained(error)
  }
}

export type Ready = { body: Json; name: string; version: string; hash: string; warnings: readonly string[] }

/** What is to be published, read by the same rules as the server reads it, and signed where a key is given. */
export const readSkill = ({ path, version, key }: Wanted): Ready => {
  const body = bodyOf(fileOf(path), version)
  const { document, manifest, warnings } = read(body)
  const hash = contentHash(document)
  const sent = key === undefined ? body : { manifest: document, signature: signatureBy(key, hash) }
  return { body: sent, name: manifest.name, version: manifest.version, hash, warnings }
}
