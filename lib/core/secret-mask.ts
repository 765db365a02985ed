const HIDDEN = '[secret]'
const LEAST = 4

const NAMED: Readonly<Record<string, string>> = {
  ...{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', ' ': 'nbsp', '+': 'plus', '/': 'sol' },
  ...{ '\\': 'bsol', '=': 'equals', ':': 'colon', '@': 'commat', '%': 'percnt', '#': 'num', $: 'dollar' },
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0')

// Encoded for an address once or twice, in the two charsets that headers are read in.
const percent = (letter: string): string[] =>
  (['utf8', 'latin1'] as const).map((charset) =>
    [...Buffer.from(letter, charset)].map((byte) => `%(?:25){0,2}${hexOf(byte)}`).join(''),
  )

const entities = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0
  const name = NAMED[letter]
  const forms = [`#0{0,6}${code}`, `#x0{0,6}${code.toString(16)}`, ...(name === undefined ? [] : [name])]
  return `&(?:amp;){0,2}(?:${forms.join('|')});?`
}

const escapes = (letter: string): string[] => {
  const code = (letter.codePointAt(0) ?? 0).toString(16)
  return [`\\\\{1,4}u${code.padStart(4, '0')}`, `\\\\{1,4}x${code.padStart(2, '0')}`, `\\\\{1,4}u\\{0{0,4}${code}\\}`]
}

// Every spelling of one letter in JSON, HTML and addresses, in any mixture with its neighbours.
const spellings = (letter: string): string => {
  const own = `${/[A-Za-z0-9]/.test(letter) ? '' : '\\\\{0,4}'}${literal(letter)}`
  const blanks = letter === ' ' ? ['\\+'] : letter === '\t' ? ['\\\\{1,4}t'] : []
  return `(?:${[...new Set([own, ...blanks, ...escapes(letter), ...percent(letter), entities(letter)])].join('|')})`
}

// A run of backslashes is as long as whoever escaped it made it, within a bound: an answer may hold nothing else.
const BACKSLASHES = `(?:\\\\|(?<=\\\\)(?:u005c|x5c|u\\{0{0,4}5c\\})|${percent('\\')[0]}|${entities('\\')}){1,16}`

// Whoever passes lines on may end them in their own way, or write them as one line.
const LINE_BREAK = `(?:${spellings('\r')}|\\\\{1,4}r)?(?:${spellings('\n')}|\\\\{1,4}n|${spellings(' ')})`

const spelledLetter = (letter: string): string => {
  if (letter === '\n') return LINE_BREAK
  return letter === '\\' ? BACKSLASHES : spellings(letter)
}

const spelled = (text: string): string =>
  [...text.replace(/\r\n?/g, '\n').replace(/\\+/g, '\\')].map(spelledLetter).join('')

const BASE64 = '[A-Za-z0-9+/_-]'

const encodedLetter = (letter: string): string => {
  if (letter === '+') return '(?:\\+|-|%(?:25)?2b)'
  return letter === '/' ? '(?:\\\\{0,4}\\/|_|%(?:25)?2f)' : letter
}

// Base64 of a text that holds the secret at any place: what does not depend on the neighbours, and what touches it.
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '')
    const sure = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
    const start = before === 0 ? '' : `${BASE64}{0,2}`
    return sure.length < LEAST
      ? []
      : [`${start}${[...sure].map(encodedLetter).join('')}${BASE64}?(?:=|%(?:25)?3d){0,2}`]
  })

const formsOf = (secret: string): string[] => {
  const bytes = (['utf8', 'latin1'] as const).map((charset) => Buffer.from(secret, charset))
  return [...new Set([spelled(secret), ...bytes.flatMap(inBase64), ...bytes.map((one) => one.toString('hex'))])]
}

// A header for `Basic` holds name and password in base64; whoever is sent it may answer with either.
const partsOf = (secret: string): string[] => {
  const text = /^[A-Za-z0-9+/]{6,}={0,2}$/.test(secret) ? Buffer.from(secret, 'base64').toString('latin1') : ''
  if (!/^[\x20-\x7e]*:[\x20-\x7e]*$/.test(text)) return [secret]
  return [secret, text, text.slice(text.indexOf(':') + 1)]
}

const hiddenIn = (value: unknown, hide: (text: string) => string): unknown => {
  if (typeof value === 'string') return hide(value)
  if (Array.isArray(value)) return value.map((item) => hiddenIn(item, hide))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [hide(key), hiddenIn(item, hide)]))
  return hide(String(value)) === String(value) ? value : HIDDEN
}

const patternOf = (secrets: readonly string[]): RegExp | null => {
  const known = secrets.flatMap((secret) => partsOf(secret.trim())).filter((part) => part.length >= LEAST)
  const forms = [...new Set(known)].sort((a, b) => b.length - a.length).flatMap(formsOf)
  return forms.length === 0 ? null : new RegExp(forms.join('|'), 'gi')
}

// A server may repeat what it was sent, in whatever spelling; the model gets none of them.
export const hideSecrets = (value: unknown, secrets: readonly string[]): unknown => {
  try {
    const pattern = patternOf(secrets)
    return pattern === null ? value : hiddenIn(value, (text) => text.replace(pattern, HIDDEN))
  } catch {
    return HIDDEN
  }
}
