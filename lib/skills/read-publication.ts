import type { z } from 'zod'
import { checkSchema } from '@/lib/core/json-schema'
import { assertRedactionFits, judgeRedaction } from '@/lib/governance'
import { isProblem, Problem } from '@/lib/shared/problem'
import { readHttpTools } from './http-tool'
import { Manifest, type SkillTest } from './manifest'
import { metadataPart } from './open-claw'
import { redactionRows } from './redaction-rows'
import { manifestOfSkillMd } from './skill-md'
import { canonicalManifest } from './spelling'

type Json = Record<string, unknown>
type Faults = Record<string, string[]>

export type Publication = {
  // What is kept and hashed.
  document: Json
  manifest: Manifest
  signature?: string
  signedBy?: string
  warnings: readonly string[]
}

const ERROR = 'Invalid manifest'
// What a caller says of the call, not of the skill.
const BESIDE = ['signature', 'signed_by', 'tenant_id', 'idempotency_key'] as const

const refuse = (formErrors: readonly string[], fieldErrors: Faults = {}): never => {
  throw new Problem('invalid_manifest', ERROR, { formErrors, fieldErrors })
}

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const without = (map: Json, keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)))

const textIn = (body: Json, key: string): string | undefined => {
  const value = body[key]
  if (value === undefined) return undefined
  return typeof value === 'string' && value.length <= 1_000 ? value : refuse([], { [key]: ['must be a text'] })
}

type Raw = { document: Json; warnings: readonly string[] }

const fromMarkdown = (text: string, version: string | undefined, files: unknown): Raw => {
  const read = manifestOfSkillMd(text, version)
  if ('fault' in read) return refuse([`SKILL.md: ${read.fault}`])
  return { document: { ...read.manifest, ...(files === undefined ? {} : { files }) }, warnings: read.warnings }
}

const rawOf = (body: Json, version: string | undefined): Raw => {
  const { markdown, manifest } = body
  if (typeof markdown === 'string' && !('name' in body))
    return fromMarkdown(markdown, version ?? textIn(body, 'version'), body['files'])
  if (isMap(manifest) && !('name' in body)) return { document: manifest, warnings: [] }
  return { document: without(body, BESIDE), warnings: [] }
}

const byField = (issues: readonly z.core.$ZodIssue[]): { formErrors: string[]; fieldErrors: Faults } => {
  const fieldErrors: Faults = {}
  const formErrors: string[] = []
  for (const { path, message } of issues) {
    const field = path.map(String).join('.')
    if (field === '') formErrors.push(message)
    else fieldErrors[field] = [...(fieldErrors[field] ?? []), message]
  }
  return { formErrors, fieldErrors }
}

// A number that JSON does not know would be stored as something else than what was hashed.
const isStorable = (value: unknown): boolean => {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint'
  return Object.values(value).every(isStorable)
}

const messageOf = (error: unknown): string => {
  if (!isProblem(error)) throw error
  const details = error.details as { fieldErrors?: Faults } | undefined
  return Object.values(details?.fieldErrors ?? {}).flat()[0] ?? error.message
}

const redactionFaults = ({ name, redaction }: Manifest): Faults => {
  if (redaction === undefined) return {}
  const faults: Faults = {}
  const judged: ReturnType<typeof judgeRedaction>[] = []
  const names = [
    ...redaction.patterns.map((_, at) => `redaction.patterns.${at}`),
    ...redaction.custom_patterns.map((_, at) => `redaction.custom_patterns.${at}`),
  ]
  for (const [at, row] of redactionRows(name, redaction).entries()) {
    try {
      const strategy = redaction.custom_patterns[at - redaction.patterns.length]?.strategy ?? redaction.strategy
      const replacement = strategy === 'mask' ? row.replacement : null
      const rule = judgeRedaction({ name: row.name, pattern: row.pattern, strategy, replacement, is_enabled: true })
      assertRedactionFits(judged, rule)
      judged.push(rule)
    } catch (error) {
      faults[names[at] ?? 'redaction'] = [messageOf(error)]
    }
  }
  return faults
}

const schemaFaults = ({ tests = [] }: Manifest): Faults =>
  Object.fromEntries(
    tests.flatMap(({ schema }, at) => {
      const [fault] = schema === undefined ? [] : checkSchema(schema)
      return fault ? [[`tests.${at}.schema`, [`${fault.path} ${fault.message}`.trim()]]] : []
    }),
  )

const twins = ({ tests = [] }: Manifest): Faults => {
  const names = tests.map(({ name }) => name)
  const at = names.findIndex((name, place) => names.indexOf(name) < place)
  return at < 0 ? {} : { [`tests.${at}.name`]: ['is the name of two tests'] }
}

/** A test that expects nothing can never fail, so it never passes either. */
export const expectsNothing = ({ expect, expectError, schema, judge }: SkillTest): boolean =>
  (expect === undefined || Object.keys(expect).length === 0) &&
  (expectError === undefined || expectError === false) &&
  schema === undefined &&
  judge === undefined

const doubtsOf = ({ name, tests = [], metadata }: Manifest): string[] => [
  ...tests.filter(expectsNothing).map((test) => `The test ${test.name} expects nothing, so it cannot pass`),
  ...readHttpTools(metadataPart(metadata, 'clasper')?.['tools'], name).warnings,
]

const storableOf = (document: Json): Json => {
  if (!isStorable(document)) return refuse(['A number must be finite'])
  return JSON.parse(JSON.stringify(document)) as Json
}

/** What somebody wants to publish, with everything that is wrong with it said at once. */
export const readPublication = (body: Json, version?: string): Publication => {
  const raw = rawOf(body, version)
  const document = storableOf(canonicalManifest(raw.document))
  const read = Manifest.safeParse(document)
  if (!read.success) {
    const { formErrors, fieldErrors } = byField(read.error.issues)
    return refuse(formErrors, fieldErrors)
  }
  const manifest = read.data
  const faults = { ...redactionFaults(manifest), ...schemaFaults(manifest), ...twins(manifest) }
  if (Object.keys(faults).length > 0) return refuse([], faults)
  const [signature, signedBy] = [textIn(body, 'signature'), textIn(body, 'signed_by')]
  return {
    document,
    manifest,
    ...(signature === undefined ? {} : { signature }),
    ...(signedBy === undefined ? {} : { signedBy }),
    warnings: [...raw.warnings, ...doubtsOf(manifest)],
  }
}
