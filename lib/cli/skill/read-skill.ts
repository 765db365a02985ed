import { createPrivateKey, sign } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
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

const MOST_FILES = 256
const decoder = new TextDecoder('utf-8', { fatal: true })

const textIn = (path: string): string | null => {
  try {
    const text = decoder.decode(readFileSync(path))
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

type Beside = { files: Record<string, string>; warnings: string[] }

// What lies beside a SKILL.md and is text goes with it. A file that was named alone goes alone.
const beside = (path: string, isFolder: boolean): Beside => {
  const found: Beside = { files: {}, warnings: [] }
  if (!isFolder) return found
  const folder = dirname(path)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const full = join(entry.parentPath, entry.name)
    const name = relative(folder, full).split(sep).join('/')
    if (!entry.isFile() || full === path || name.split('/').some((part) => part.startsWith('.'))) continue
    const text = statSync(full).size > MOST_BYTES ? null : textIn(full)
    if (text === null) found.warnings.push(`${name} is no text, or too large; it is not published`)
    else found.files[name] = text
    if (Object.keys(found.files).length > MOST_FILES) throw new Error(`${folder} holds more than ${MOST_FILES} files.`)
  }
  return found
}

const bodyOf = (path: string, version: string | undefined, { files }: Beside): Json => {
  if (statSync(path).size > MOST_BYTES) throw new Error(`${path} is larger than 1 MiB.`)
  const text = readFileSync(path, 'utf8')
  if (!path.endsWith('.md')) return { manifest: manifestIn(path, text) }
  return {
    markdown: text,
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(files).length === 0 ? {} : { files }),
  }
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
  const file = fileOf(path)
  const more = beside(file, file !== path && file.endsWith('SKILL.md'))
  const body = bodyOf(file, version, more)
  const { document, manifest, warnings } = read(body)
  const hash = contentHash(document)
  const sent = key === undefined ? body : { manifest: document, signature: signatureBy(key, hash) }
  return { body: sent, name: manifest.name, version: manifest.version, hash, warnings: [...more.warnings, ...warnings] }
}
