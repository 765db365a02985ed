import { CODE, isAlnum, isBlank, isDigit, isHex, isQuote, isSpace, isToken } from './characters'
import {
  codeAt,
  END,
  type FindingType,
  type Input,
  longRunOf,
  MAX_MATCH,
  runOf,
  type Span,
  spells,
  writes,
} from './input'

type Prefix = { starts: string; type: FindingType; least: number }

const API_PREFIXES = [
  ...['sk-', 'pk-', 'rk-', 'sk_live_', 'sk_test_', 'pk_live_', 'pk_test_', 'rk_live_', 'ghp_', 'gho_', 'ghu_', 'ghs_'],
  ...['ghr_', 'github_pat_', 'glpat-', 'xoxb-', 'xoxp-', 'xoxa-', 'xoxs-', 'xapp-', 'AIza', 'gsk_', 'xai-', 'hf_'],
  ...['npm_', 'whsec_', 'dop_v1_', 'shpat_', 'SG.', 'ya29.', 'pplx-', 'nvapi-', 'r8_', 'sbp_'],
  ...['lin_api_', 'xoxe-', 'GOCSPX-', 'gldt-', 'glrt-', 'glcbt-', 'glptt-', 'glsoat-', 'rk_test_', 'shpss_', 'shpca_'],
  ...['shppa_', 'doo_v1_', 'dor_v1_', 'ntn_', 'pypi-', 'PMAK-', 'glsa_', 'ATATT3x', 'figd_', 'sntrys_', 'HRKU-'],
]

const BY_LETTER: ReadonlyMap<number, readonly Prefix[]> = new Map(
  [...new Set(API_PREFIXES.map((starts) => starts.charCodeAt(0)))].map((code) => [
    code,
    API_PREFIXES.filter((starts) => starts.charCodeAt(0) === code).map((starts) => ({
      starts,
      type: 'api_key' as const,
      least: 20,
    })),
  ]),
)

const PAIR_SIZE = 128

// Which two characters can begin one of the secrets that are known by their first letters.
const PAIRS: Readonly<Uint8Array> = ((): Uint8Array => {
  const table = new Uint8Array(PAIR_SIZE * PAIR_SIZE)
  for (const starts of [
    ...API_PREFIXES,
    'clk_',
    'SK',
    'dapi',
    'hooks',
    'AKIA',
    'ASIA',
    'AROA',
    'AIDA',
    'ey',
    'ew',
    'co',
    'CO',
    'Co',
    'cO',
    'be',
    'BE',
    'Be',
    'bE',
    'au',
    'AU',
    'Au',
    'aU',
  ])
    table[starts.charCodeAt(0) * PAIR_SIZE + starts.charCodeAt(1)] = 1
  return table
})()

export const beginsSecret = (code: number, next: number): boolean =>
  next < PAIR_SIZE && PAIRS[code * PAIR_SIZE + next] === 1

const isDotted = (code: number): boolean => isToken(code) || code === CODE.dot

const WORDY: readonly string[] = [
  ...['sk-', 'pk-', 'rk-', 'npm_', 'hf_', 'r8_', 'sbp_', 'xai-', 'pplx-', 'pypi-', 'ntn_', 'figd_', 'ghs_', 'gho_'],
]
const MAX_LOOK = 128
const LONGEST_WORD = 20

// Names made of words begin like that too; a key has a digit, or a piece that is longer than words are.
const isKeyLike = (input: Input, from: number, to: number): boolean => {
  for (let at = from, piece = 0; at < Math.min(to, from + MAX_LOOK); at++) {
    const code = codeAt(input, at)
    piece = isAlnum(code) ? piece + 1 : 0
    if (isDigit(code) || piece >= LONGEST_WORD) return true
  }
  return false
}

export const apiKeyAt = (input: Input, from: number): Span | null => {
  const code = codeAt(input, from)
  const prefix = BY_LETTER.get(code)?.find(({ starts }) => writes(input, from, starts))
  if (!prefix) return null
  const body = from + prefix.starts.length
  const to = longRunOf(input, body, prefix.starts === 'SG.' ? isDotted : isToken)
  if (WORDY.includes(prefix.starts) && !isKeyLike(input, body, to)) return null
  return to - body >= prefix.least ? { type: 'api_key', from, to } : null
}

// Our own: the name of a key, which is shown, and then its secret.
export const serviceKeyAt = (input: Input, from: number): Span | null => {
  if (!writes(input, from, 'clk_')) return null
  const name = runOf(input, from + 4, 17, isAlnum)
  if (name - from < 8 || name - from > 20 || codeAt(input, name) !== 95) return null
  const to = longRunOf(input, name + 1, isToken)
  return to - name > 20 ? { type: 'api_key', from, to } : null
}

// Those that are told by a short beginning and an exact length.
const EXACT: readonly { starts: string; length: number }[] = [
  { starts: 'SK', length: 32 },
  { starts: 'dapi', length: 32 },
]

export const exactKeyAt = (input: Input, from: number): Span | null => {
  for (const { starts, length } of EXACT) {
    if (!writes(input, from, starts)) continue
    const to = runOf(input, from + starts.length, length + 1, isHex)
    if (to - from === starts.length + length && !isAlnum(codeAt(input, to))) return { type: 'api_key', from, to }
  }
  return null
}

const SLACK_HOOK = 'hooks.slack.com/services/'

// Whoever knows the address may write to the channel.
export const slackHookAt = (input: Input, at: number): Span | null => {
  if (!writes(input, at, SLACK_HOOK)) return null
  const from = at + SLACK_HOOK.length
  const to = longRunOf(input, from, isHookPath)
  return to - from >= 20 ? { type: 'api_key', from, to } : null
}

const isHookPath = (code: number): boolean => isAlnum(code) || code === CODE.slash

// The number of a bot, and its secret.
export const telegramAt = (input: Input, at: number, digits: number): Span | null => {
  const from = at + digits + 1
  if (codeAt(input, from - 1) !== CODE.colon || !writes(input, from, 'AA')) return null
  const to = longRunOf(input, from, isToken)
  return to - from === 35 ? { type: 'api_key', from, to } : null
}

const isUpperOrDigit = (code: number): boolean => isDigit(code) || (code >= 65 && code <= 90)

export const awsKeyAt = (input: Input, from: number): Span | null => {
  if (!['AKIA', 'ASIA', 'AROA', 'AIDA'].some((starts) => writes(input, from, starts))) return null
  const to = runOf(input, from + 4, 17, isUpperOrDigit)
  return to === from + 20 && !isAlnum(codeAt(input, to)) ? { type: 'aws_key', from, to } : null
}

export type JwtLook = { span: Span | null; skipTo: number }

// '{"' in base64, and '{' with what a printer of JSON puts behind it.
const HEADERS: readonly string[] = ['eyJ', 'eyA', 'ewo', 'ew0', 'ewk']

export const beginsJwt = (input: Input, from: number): boolean => HEADERS.some((starts) => writes(input, from, starts))

// Three parts, or five when it is encrypted. One look answers for every start in the same first part.
export const jwtAt = (input: Input, from: number): JwtLook => {
  const header = longRunOf(input, from, isToken)
  const no = { span: null, skipTo: header }
  if (header - from < 11 || codeAt(input, header) !== CODE.dot) return no
  const payload = longRunOf(input, header + 1, isToken)
  if (codeAt(input, payload) !== CODE.dot) return no
  let to = longRunOf(input, payload + 1, isToken)
  const sealed = payload === header + 1
  if (!sealed && payload - header < 9) return no
  for (let more = 0; more < 2 && codeAt(input, to) === CODE.dot; more++) {
    const next = longRunOf(input, to + 1, isToken)
    if (next === to + 1) break
    to = next
  }
  if (sealed && to - payload < 20) return no
  return { span: { type: 'jwt', from, to }, skipTo: to }
}

const isCredential = (code: number): boolean =>
  isDotted(code) || code === CODE.plus || code === CODE.slash || code === CODE.equals || code === 126

export const bearerAt = (input: Input, at: number): Span | null => {
  if (!spells(input, at, 'bearer') || !isSpace(codeAt(input, at + 6))) return null
  const from = runOf(input, at + 6, 8, isSpace)
  const to = longRunOf(input, from, isCredential)
  return to - from >= 12 ? { type: 'bearer', from, to } : null
}

// Both are five letters long.
const SCHEMES: readonly string[] = ['basic', 'token']
const MAX_COOKIES = 4096

const isCookie = (code: number): boolean => code !== END && code !== 10 && code !== 13 && !isQuote(code)

// All of the line: each of them may be a session.
export const cookieAt = (input: Input, at: number): Span | null => {
  if (!spells(input, at, 'cookie') || codeAt(input, at + 6) !== CODE.colon) return null
  const from = runOf(input, at + 7, 8, isBlank)
  const name = runOf(input, from, 64, isToken)
  if (name === from || codeAt(input, name) !== CODE.equals) return null
  return { type: 'bearer', from, to: runOf(input, from, MAX_COOKIES, isCookie) }
}

export const basicAt = (input: Input, at: number): Span | null => {
  if (!spells(input, at, 'authorization')) return null
  const scheme = runOf(input, at + 13, 12, (code) => isBlank(code) || [34, 39, 58, 61, 92].includes(code))
  if (!SCHEMES.some((name) => spells(input, scheme, name)) || !isBlank(codeAt(input, scheme + 5))) return null
  const from = runOf(input, scheme + 5, 8, isBlank)
  const to = longRunOf(input, from, isCredential)
  return to - from >= 4 ? { type: 'bearer', from, to } : null
}

const isPem = (code: number): boolean =>
  isAlnum(code) || [CODE.plus, CODE.slash, CODE.equals, CODE.backslash, 10, 13].includes(code)

const LINE_STARTS: readonly number[] = [10, 13, 32, 9, CODE.colon, 44]

// A body may be indented, and begin with lines such as Proc-Type and DEK-Info, which hold single dashes.
const isPemAt = (input: Input, at: number): boolean => {
  const code = codeAt(input, at)
  if (isPem(code) || code === CODE.colon || code === 44) return true
  if (code === CODE.dash) return codeAt(input, at + 1) !== CODE.dash
  return isBlank(code) && LINE_STARTS.includes(codeAt(input, at - 1))
}

const pemEnd = (input: Input, from: number): number => {
  let at = from
  while (at - from < MAX_MATCH && isPemAt(input, at)) at++
  return at
}

export const privateKeyAt = (input: Input, at: number): Span | null => {
  if (!writes(input, at, '-----BEGIN ')) return null
  const label = runOf(input, at + 11, 40, (code) => code === 32 || isUpperOrDigit(code))
  if (!input.text.slice(at, label).endsWith('PRIVATE KEY') || !writes(input, label, '-----')) return null
  const from = label + 5
  const to = pemEnd(input, from)
  return to - from >= 20 ? { type: 'private_key', from, to } : null
}
