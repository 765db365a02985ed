import type { SpanUsage } from '@/lib/tracing'

// What a client says of the tokens of a call, before it is known how its numbers contain each other.
export type UsageSaid = {
  // The reading to begin with: cached and reasoning tokens within input and output, or beside them.
  style: 'inclusive' | 'disjoint'
  input: number | null
  output: number | null
  cacheRead: number | null
  cacheWrite: number | null
  reasoning: number | null
  audioIn: number | null
  audioOut: number | null
  total: number | null
}

export const NOTHING_SAID: Omit<UsageSaid, 'style'> = {
  input: null,
  output: null,
  cacheRead: null,
  cacheWrite: null,
  reasoning: null,
  audioIn: null,
  audioOut: null,
  total: null,
}

const NUMBERS = Object.keys(NOTHING_SAID) as (keyof typeof NOTHING_SAID)[]

export const saysAnything = (said: UsageSaid): boolean => NUMBERS.some((name) => said[name] !== null)

type Buckets = Omit<SpanUsage, 'reportedTotal'>
export type Counted = { usage: SpanUsage; flags: string[] }

const BUCKETS = ['inUncached', 'cacheRead', 'cacheWrite', 'outVisible', 'reasoning', 'audioIn', 'audioOut'] as const

const sumOf = (buckets: Buckets): number => BUCKETS.reduce((sum, name) => sum + (buckets[name] ?? 0), 0)

type Side = { rest: number | null; audio: number | null; isExclusive: boolean; isAudioCut: boolean }

// One side of a call: its whole, and the parts that are in it or beside it. A rest below zero says "beside it".
const sideOf = (whole: number | null, parts: number, audio: number | null, isInside: boolean): Side => {
  if (whole === null) return { rest: null, audio, isExclusive: false, isAudioCut: false }
  const isExclusive = isInside && parts > whole
  const rest = isInside && !isExclusive ? whole - parts : whole
  if (audio === null) return { rest, audio, isExclusive, isAudioCut: false }
  const heard = Math.min(audio, rest)
  return { rest: rest - heard, audio: heard, isExclusive, isAudioCut: heard < audio }
}

type Reading = { buckets: Buckets; flags: string[]; key: string }

const readingOf = (said: UsageSaid, isCacheInside: boolean, isReasoningInside: boolean): Reading => {
  const cached = (said.cacheRead ?? 0) + (said.cacheWrite ?? 0)
  const input = sideOf(said.input, cached, said.audioIn, isCacheInside)
  const output = sideOf(said.output, said.reasoning ?? 0, said.audioOut, isReasoningInside)
  const buckets: Buckets = {
    inUncached: input.rest,
    cacheRead: said.cacheRead,
    cacheWrite: said.cacheWrite,
    outVisible: output.rest,
    reasoning: said.reasoning,
    audioIn: input.audio,
    audioOut: output.audio,
  }
  const flags = [
    ...(input.isExclusive ? ['exclusive_usage'] : []),
    ...(output.isExclusive ? ['exclusive_reasoning'] : []),
    ...(input.isAudioCut || output.isAudioCut ? ['audio_mismatch'] : []),
  ]
  return { buckets, flags, key: BUCKETS.map((name) => buckets[name]).join() }
}

const WAYS = [
  [true, true],
  [false, true],
  [true, false],
  [false, false],
] as const

const readingsOf = (said: UsageSaid): Reading[] => {
  const ways = said.style === 'inclusive' ? WAYS : [...WAYS].reverse()
  const readings = ways.map(([cache, reasoning]) => readingOf(said, cache, reasoning))
  const unlike = new Map(readings.toReversed().map((reading) => [reading.key, reading]))
  return readings.filter((reading) => unlike.get(reading.key) === reading)
}

const exclusiveFlags = (said: UsageSaid, { buckets, flags }: Reading): string[] => {
  if (said.style === 'disjoint') return flags
  const isBeside = buckets.inUncached !== null && buckets.inUncached + (buckets.audioIn ?? 0) === said.input
  const hasCache = (said.cacheRead ?? 0) + (said.cacheWrite ?? 0) > 0
  return isBeside && hasCache ? [...new Set([...flags, 'exclusive_usage'])] : flags
}

// Buckets that never overlap and are never below zero. A total decides between readings where exactly one fits it.
export const countTokens = (said: UsageSaid): Counted => {
  const readings = readingsOf(said)
  const [first] = readings
  if (first === undefined) throw new Error('a usage has at least one reading')
  const { total } = said
  if (total === null) return { usage: { ...first.buckets, reportedTotal: null }, flags: first.flags }
  const isBareTotal = BUCKETS.every((name) => first.buckets[name] === null)
  const fitting = readings.filter(({ buckets }) => sumOf(buckets) === total)
  const chosen = fitting.length === 1 ? (fitting[0] ?? first) : first
  const isUnclear = fitting.length !== 1 && !isBareTotal
  const flags = exclusiveFlags(said, chosen)
  return {
    usage: { ...chosen.buckets, reportedTotal: total },
    flags: isUnclear ? [...flags, 'total_mismatch'] : flags,
  }
}

const agrees = (a: number | null, b: number | null): boolean => a === null || b === null || a === b

// Of two accounts of the same call the stronger speaks first, the weaker fills what it left open.
export const completed = (strong: UsageSaid, weak: UsageSaid): UsageSaid => {
  const isSame = strong.style === weak.style && agrees(strong.input, weak.input) && agrees(strong.output, weak.output)
  if (!isSame) return strong
  return Object.assign({}, strong, Object.fromEntries(NUMBERS.map((name) => [name, strong[name] ?? weak[name]])))
}
