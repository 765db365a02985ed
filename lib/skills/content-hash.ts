import { createHash } from 'node:crypto'
import { stableJson } from '@/lib/shared/stable-json'

type Hashed = Readonly<Record<string, unknown>>

const CHECKED = ['name', 'version', 'instructions', 'inputs', 'outputs', 'permissions'] as const

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Over the whole manifest, as it is stored: whoever has it can say whether it is still the same. */
export const contentHashOf = (manifest: unknown): string => `sha256:${sha256(stableJson(manifest))}`

/** Over six fields in their order, as it was always taken; the first 16 digits. */
export const checksumOf = (manifest: Hashed): string =>
  sha256(JSON.stringify(Object.fromEntries(CHECKED.map((key) => [key, manifest[key]])))).slice(0, 16)
