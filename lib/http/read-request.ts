import type { z } from 'zod'
import type { Contract } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { DOCUMENT_TYPES, documentOf } from './document-body'

type Json = Record<string, unknown>
// `sent` is the body as it came, for what the guard must see even where a contract does not declare it.
export type Input = { params: unknown; query: unknown; body: unknown; sent: unknown }

const MAX_DEPTH = 64
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const faultOf = (path: readonly PropertyKey[], message: string) => ({ path: path.map(String), message })
type Fault = ReturnType<typeof faultOf>

// Spec shape: everything that is wrong, at once.
const refuse = (text: string, faults: readonly Fault[]): never => {
  const byField = new Map<string, string[]>()
  for (const fault of faults.filter((item) => item.path.length > 0)) {
    const field = fault.path.join('.')
    byField.set(field, [...(byField.get(field) ?? []), fault.message])
  }
  const formErrors = faults.filter((item) => item.path.length === 0).map((item) => item.message)
  throw new Problem('invalid_request', text, { formErrors, fieldErrors: Object.fromEntries(byField) })
}

// What no database column and no hash may hold: refused here once, so that nothing below has to think of it.
const textFaults = (value: unknown, path: readonly PropertyKey[] = []): Fault[] => {
  if (typeof value === 'string')
    return UNSTORABLE.test(value) ? [faultOf(path, 'must not hold a null byte or half a surrogate pair')] : []
  if (typeof value !== 'object' || value === null) return []
  if (path.length >= MAX_DEPTH) return [faultOf(path.slice(0, 3), `is nested deeper than ${MAX_DEPTH} levels`)]
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === '__proto__' || UNSTORABLE.test(key)) return [faultOf(path, 'has a forbidden key')]
    return textFaults(item, [...path, key])
  })
}

const parsed = (schema: z.ZodType | undefined, raw: unknown, text: string): unknown => {
  const faults = textFaults(raw)
  if (faults.length > 0) refuse(text, faults)
  if (!schema) return {}
  const result = schema.safeParse(raw)
  if (!result.success)
    return refuse(
      text,
      result.error.issues.map((issue) => faultOf(issue.path, issue.message)),
    )
  return result.data
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const oneSpelling = (contract: Contract, raw: unknown): unknown => {
  if (!contract.also || typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw
  const out: Json = { ...raw }
  for (const [canonical, others] of Object.entries(contract.also)) {
    for (const other of others.filter((name) => name in out)) {
      if (canonical in out && !same(out[canonical], out[other])) {
        throw new Problem('conflicting_fields', undefined, { fields: [canonical, other] })
      }
      out[canonical] = out[other]
      delete out[other]
    }
  }
  return out
}

export const queryOf = (url: string): Json => {
  const start = url.indexOf('?')
  if (start < 0) return {}
  const end = url.indexOf('#', start)
  const values = new Map<string, string | string[]>()
  for (const [name, value] of new URLSearchParams(url.slice(start + 1, end < 0 ? undefined : end))) {
    const known = values.get(name)
    values.set(name, known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value])
  }
  return Object.fromEntries(values)
}

const declaredLength = (request: Request): number | null => {
  const declared = request.headers.get('content-length')
  return declared === null ? null : Number(declared)
}

// The server below holds a body to the length it declares, so it is read at once; any other is counted as it comes.
const bytesOf = async (request: Request, limit: number): Promise<Uint8Array> => {
  const tooLarge = () => new Problem('payload_too_large', undefined, { limit_bytes: limit })
  const declared = declaredLength(request)
  if (declared !== null && declared > limit) throw tooLarge()
  if (declared !== null && declared <= limit) {
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.byteLength > limit) throw tooLarge()
    return bytes
  }
  if (!request.body) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  for (let size = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    size += value.byteLength
    if (size > limit) {
      await reader.cancel().catch(() => undefined)
      throw tooLarge()
    }
    chunks.push(value)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

const decoded = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Problem('invalid_request', 'Invalid payload', {
      formErrors: ['The body is not valid UTF-8'],
      fieldErrors: {},
    })
  }
}

const fromJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('invalid_request', 'Invalid payload', {
      formErrors: ['The body is not valid JSON'],
      fieldErrors: {},
    })
  }
}

const mediaTypeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const WANTED = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

const rawBody = async (contract: Contract, request: Request, limit: number): Promise<unknown> => {
  const bytes = await bytesOf(request, contract.maxBodyBytes ?? limit)
  if (bytes.byteLength === 0) return {}
  const { bodyType = 'json' } = contract
  const sent = mediaTypeOf(request)
  const document = bodyType === 'document' ? documentOf(decoded(bytes), sent) : null
  if (document !== null) return document
  const wanted = bodyType === 'form' ? WANTED.form : WANTED.json
  const fits = sent === wanted || (wanted === WANTED.json && /^application\/[\w.+-]+\+json$/.test(sent))
  if (!fits)
    throw new Problem('unsupported_media_type', undefined, {
      accepts: bodyType === 'document' ? DOCUMENT_TYPES : wanted,
    })
  const text = decoded(bytes)
  return bodyType === 'form' ? queryOf(`?${text}`) : fromJson(text)
}

export const readRequest = async (
  contract: Contract,
  request: Request,
  rawParams: unknown,
  limit: number,
): Promise<Input> => {
  const params = parsed(contract.params, rawParams, 'Invalid path')
  const query = parsed(
    contract.query,
    oneSpelling(contract, queryOf(request.url)),
    contract.queryError ?? 'Invalid query',
  )
  const isRaw = contract.raw?.accepts.includes(mediaTypeOf(request)) ?? false
  const isRead = contract.body !== undefined && !isRaw
  const sent = isRead ? oneSpelling(contract, await rawBody(contract, request, limit)) : undefined
  const body = isRead ? parsed(contract.body, sent, 'Invalid payload') : undefined
  return { params, query, body, sent }
}
