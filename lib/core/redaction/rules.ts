import { createHmac } from 'node:crypto'
import { type FindingType, MASK_OF, type Span, type SpanType } from './input'
import { masked, maskOf, merged, type Render } from './masking'
import { compileOwn, type OwnPattern } from './own-pattern'
import { isCardNumber, type Look, spansOf } from './value'

export const STRATEGIES = ['mask', 'hash', 'drop', 'summarize', 'token'] as const
export type Strategy = (typeof STRATEGIES)[number]

// As it is stored. Without a pattern it says how a kind that the house finds is to be written.
export type RuleRow = {
  name: string
  pattern: string | null
  strategy: string
  replacement: string | null
  isEnabled: boolean
}

type Treatment = { name: string; strategy: Strategy; replacement: string | null }
type Own = Treatment & { pattern: OwnPattern }

export type Rules = {
  // False where nothing differs from the rules of the house.
  isOwn: boolean
  treatments: ReadonlyMap<SpanType, Treatment>
  off: ReadonlySet<SpanType>
  own: readonly Own[]
}

export const NO_RULES: Rules = { isOwn: false, treatments: new Map(), off: new Set(), own: [] }

export const KINDS = Object.keys(MASK_OF) as readonly FindingType[]

const isKind = (name: string): name is FindingType => Object.hasOwn(MASK_OF, name)
// Whoever could read what these say could act with it: they are always redacted.
const ALWAYS: ReadonlySet<string> = new Set([
  ...['api_key', 'aws_key', 'jwt', 'password_field', 'private_key', 'bearer', 'url_password'],
])
export const mayBeOff = (name: string): boolean => !ALWAYS.has(name)

const strategyOf = (name: string): Strategy => STRATEGIES.find((known) => known === name) ?? 'mask'

const treatmentOf = ({ name, strategy, replacement }: RuleRow): Treatment => ({
  name,
  strategy: strategyOf(strategy),
  replacement,
})

// A row whose pattern this version cannot read is left out here; it could not have been stored by it.
export const compileRules = (rows: readonly RuleRow[]): Rules => {
  if (rows.length === 0) return NO_RULES
  const treatments = new Map<SpanType, Treatment>()
  const off = new Set<SpanType>()
  const own: Own[] = []
  for (const row of rows) {
    const treatment = treatmentOf(row)
    if (row.pattern !== null) {
      const pattern = row.isEnabled ? compileOwn(row.pattern) : ''
      if (typeof pattern === 'string') continue
      own.push({ ...treatment, pattern })
      treatments.set(`own:${row.name}`, treatment)
    } else if (isKind(row.name)) {
      if (row.isEnabled) treatments.set(row.name, treatment)
      else if (mayBeOff(row.name)) off.add(row.name)
    }
  }
  return { isOwn: treatments.size > 0 || off.size > 0, treatments, off, own }
}

/** Both at once: where they differ the first has the word, and what either looks for is looked for. */
export const joinedRules = (first: Rules, second: Rules): Rules => {
  if (!second.isOwn) return first
  return {
    isOwn: true,
    treatments: new Map([...second.treatments, ...first.treatments]),
    off: new Set([...first.off].filter((type) => !second.treatments.has(type))),
    own: [...first.own, ...second.own],
  }
}

// Ids, times and what stands in for a value already: no pattern reaches into the middle of them.
const CLOSED =
  /\[(?:[A-Z][A-Z_ ]{1,20}|HASH:[0-9a-f]{8}|TOKEN:[0-9a-f]{32})\]|\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})/g

const closedIn = (text: string): Span[] =>
  [...text.matchAll(CLOSED)].map((match) => ({
    type: 'own:closed' as const,
    from: match.index,
    to: match.index + match[0].length,
  }))

// Both come in order, so one walk is enough.
const outside = (spans: readonly Span[], text: string): Span[] => {
  if (spans.length === 0) return []
  const closed = closedIn(text)
  if (closed.length === 0) return [...spans]
  let at = 0
  return spans.filter(({ from, to }) => {
    while ((closed[at]?.to ?? Number.POSITIVE_INFINITY) <= from) at++
    const next = closed[at]
    return next === undefined || from < next.from || to > next.to
  })
}

export const ownSpansFrom = ({ name, pattern }: Own, text: string, start: number, isWhole: boolean) => {
  const { found, next } = pattern.find(text, start, isWhole)
  return {
    spans: outside(
      found.map(({ from, to }): Span => ({ type: `own:${name}`, from, to })),
      text,
    ),
    next,
  }
}

const ownSpans = (rules: Rules, text: string): Span[] =>
  rules.own.flatMap((own) => ownSpansFrom(own, text, 0, true).spans)

export const ruledSpans = (rules: Rules, text: string): Span[] => {
  const found: readonly Span[] = spansOf(text)
  const kept = rules.off.size === 0 ? found : found.filter(({ type }) => !rules.off.has(type))
  const own = ownSpans(rules, text)
  return own.length === 0 ? [...kept] : [...own, ...kept]
}

export type TokenRow = { token: string; kind: string; value: string }

// The tenant's keys, and where the values go that can be asked for again. Without a place for them they are masked.
export type Means = { key: Buffer; keep: ((row: TokenRow) => void) | null }

const SHORT = 4

const summary = (name: string, found: string): string =>
  found.length <= SHORT ? name : `${found.slice(0, 2)}..${found.slice(-2)}`

const hmac = (key: Buffer, purpose: string, text: string): string =>
  createHmac('sha256', key).update(`${purpose}\0${text}`).digest('hex')

export const kindOf = (type: SpanType): string => (type.startsWith('own:') ? type.slice(4) : type)

const ownMask = (type: SpanType): string =>
  type.startsWith('own:') ? `[${kindOf(type).toUpperCase()}]` : maskOf(type, '')

const tokenFor = (means: Means, kind: string, value: string): string | null => {
  if (means.keep === null) return null
  const token = hmac(means.key, 'token', value).slice(0, 32)
  means.keep({ token, kind, value })
  return `[TOKEN:${token}]`
}

export const renderOf =
  ({ treatments }: Rules, means: () => Means): Render =>
  (type, found) => {
    const treatment = treatments.get(type)
    if (treatment === undefined) return maskOf(type, found)
    const mask = treatment.replacement ?? ownMask(type)
    switch (treatment.strategy) {
      case 'mask':
        return mask
      case 'drop':
        return ''
      case 'hash':
        return `[HASH:${hmac(means().key, 'hash', found).slice(0, 8)}]`
      case 'summarize':
        return summary(kindOf(type), found)
      case 'token':
        return tokenFor(means(), kindOf(type), found) ?? mask
    }
  }

/** How texts and values are looked at with a tenant's rules; `noted` hears of every kind that was found. */
export const lookOf = (rules: Rules, means: () => Means, noted?: (type: SpanType) => void): Look => {
  const render = renderOf(rules, means)
  const write: Render =
    noted === undefined
      ? render
      : (type, found) => {
          noted(type)
          return render(type, found)
        }
  const text = (given: string): string => masked(given, ruledSpans(rules, given), write)
  const number = (value: number): unknown => {
    if (isCardNumber(value) && !rules.off.has('credit_card')) return write('credit_card', String(value))
    if (rules.own.length === 0) return value
    const [given, clean] = [String(value), text(String(value))]
    return clean === given ? value : clean
  }
  return { text, number, secret: '[REDACTED]', skipsPlainKeys: rules.own.length === 0 }
}

export const foundIn = (rules: Rules, text: string): Span[] => merged(ruledSpans(rules, text))
