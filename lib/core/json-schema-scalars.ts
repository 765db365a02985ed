import { format, ucs2length } from '@cfworker/json-schema'
import { burn, choicesIn, complain, formOf, type Place, type Run } from './json-schema-run'
import { matcherFor } from './schema-patterns'
import { isObject } from './schema-reader'

export type Check = (limit: unknown, value: unknown, at: Place, run: Run) => void

const MATCHED_AT_ONCE = 25

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value

const isOfType = (value: unknown, kind: string, type: unknown): boolean =>
  kind === type || (type === 'integer' && Number.isInteger(value))

const ofType: Check = (limit, value, at, run) => {
  const types = Array.isArray(limit) ? limit : [limit]
  burn(run, types.length / 4)
  const kind = kindOf(value)
  if (!types.some((type) => isOfType(value, kind, type)))
    complain(run, at, `Instance type "${kind}" is invalid. Expected "${types.slice(0, 20).join('", "')}".`)
}

const oneOfThese: Check = (limit, value, at, run) => {
  const { forms, text } = choicesIn(run, Array.isArray(limit) ? limit : [])
  if (!forms.has(formOf(run, value))) complain(run, at, `Instance does not match any of [${text}].`)
}

const exactly: Check = (limit, value, at, run) => {
  const wanted = formOf(run, limit)
  if (wanted !== formOf(run, value)) complain(run, at, `Instance does not match ${wanted.slice(0, 400)}.`)
}

const forNumbers =
  (fits: (value: number, limit: number) => boolean, words: string): Check =>
  (limit, value, at, run) => {
    if (typeof value === 'number' && !fits(value, Number(limit))) complain(run, at, `${value} is ${words} ${limit}.`)
  }

const forTexts =
  (fits: (length: number, limit: number) => boolean, words: (length: number, limit: number) => string): Check =>
  (limit, value, at, run) => {
    if (typeof value !== 'string') return
    burn(run, value.length / 128)
    const length = ucs2length(value)
    if (!fits(length, Number(limit))) complain(run, at, words(length, Number(limit)))
  }

const forSizes =
  (sizeOf: (value: unknown) => number | null, fits: (size: number, limit: number) => boolean, words: string): Check =>
  (limit, value, at, run) => {
    const size = sizeOf(value)
    if (size !== null && !fits(size, Number(limit)))
      complain(run, at, words.replace('#', String(limit)).replace('%', String(size)))
  }

const itemsIn = (value: unknown): number | null => (Array.isArray(value) ? value.length : null)
const namesIn = (value: unknown): number | null => (isObject(value) ? Object.keys(value).length : null)

const decimal = (value: number): { digits: bigint; exponent: number } => {
  const [digits = '0', exponent = '0'] = Math.abs(value).toString().split('e')
  const [whole = '0', part = ''] = digits.split('.')
  return { digits: BigInt(whole + part), exponent: Number(exponent) - part.length }
}

// In whole numbers, since 0.3 is a multiple of 0.1.
const isMultiple = (value: number, limit: number): boolean => {
  const [a, b] = [decimal(value), decimal(limit)]
  const shift = a.exponent - b.exponent
  const power = 10n ** BigInt(Math.abs(shift))
  return shift >= 0 ? (a.digits * power) % b.digits === 0n : a.digits % (b.digits * power) === 0n
}

const multiple: Check = (limit, value, at, run) => {
  if (typeof value !== 'number') return
  burn(run, 20)
  if (!isMultiple(value, Number(limit))) complain(run, at, `${value} is not a multiple of ${limit}.`)
}

export const isMatch = (source: string, text: string, run: Run): boolean => {
  const matcher = matcherFor(source)
  if (!matcher) return true
  burn(run, 4 + (matcher.size * text.length) / MATCHED_AT_ONCE)
  return matcher.matches(text)
}

const pattern: Check = (limit, value, at, run) => {
  if (typeof value === 'string' && !isMatch(String(limit), value, run))
    complain(run, at, `String does not match the pattern ${limit}`)
}

const formatted: Check = (limit, value, at, run) => {
  if (typeof value !== 'string') return
  burn(run, 4 + value.length / 16)
  const name = String(limit)
  if (Object.hasOwn(format, name) && format[name]?.(value) === false)
    complain(run, at, `String does not match format "${name}".`)
}

const unique: Check = (limit, value, at, run) => {
  if (limit !== true || !Array.isArray(value)) return
  const forms = new Set(value.map((item) => formOf(run, item)))
  if (forms.size < value.length) complain(run, at, 'Duplicate items: each may stand here once.')
}

const least = (size: number, limit: number): boolean => size >= limit
const most = (size: number, limit: number): boolean => size <= limit

export const SCALAR_CHECKS: Readonly<Record<string, Check>> = {
  type: ofType,
  enum: oneOfThese,
  const: exactly,
  minimum: forNumbers(least, 'less than'),
  maximum: forNumbers(most, 'greater than'),
  exclusiveMinimum: forNumbers((value, limit) => value > limit, 'less than or equal to'),
  exclusiveMaximum: forNumbers((value, limit) => value < limit, 'greater than or equal to'),
  multipleOf: multiple,
  minLength: forTexts(least, (length, limit) => `String is too short (${length} < ${limit}).`),
  maxLength: forTexts(most, (length, limit) => `String is too long (${length} > ${limit}).`),
  minItems: forSizes(itemsIn, least, 'Array has too few items (% < #).'),
  maxItems: forSizes(itemsIn, most, 'Array has too many items (% > #).'),
  minProperties: forSizes(namesIn, least, 'Instance does not have at least # properties.'),
  maxProperties: forSizes(namesIn, most, 'Instance has too many properties.'),
  uniqueItems: unique,
  pattern,
  format: formatted,
}
