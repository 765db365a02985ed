const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export const formatCount = (value: number): string => whole.format(value)

export const formatShortCount = (value: number): string => {
  if (Math.abs(value) < 10_000) return whole.format(value)
  if (Math.abs(value) < 999_500) return `${trim(value / 1_000, value < 100_000 ? 1 : 0)}k`
  return `${trim(value / 1_000_000, 1)}M`
}

const trim = (value: number, digits: number): string => value.toFixed(digits).replace(/\.0$/, '')

export const formatDuration = (milliseconds: number): string => {
  if (milliseconds < 1) return '<1 ms'
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 9_950) return `${(milliseconds / 1_000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${pad(minutes % 60)} m` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const pad = (value: number): string => String(value).padStart(2, '0')

export const formatMoney = (microUsd: number): string => {
  const dollars = Math.abs(microUsd) / 1_000_000
  const sign = microUsd < 0 ? '−' : ''
  if (dollars === 0) return '$0.00'
  if (dollars < 0.01) return `${sign}$${smallMoney(dollars)}`
  if (dollars < 999.995) return `${sign}$${dollars.toFixed(2)}`
  return `${sign}$${formatShortMoney(dollars)}`
}

// Two digits that count, four decimals at least: what matters of a fraction of a cent.
const smallMoney = (dollars: number): string =>
  dollars.toFixed(Math.min(6, Math.max(4, 1 - Math.floor(Math.log10(dollars)))))

const formatShortMoney = (dollars: number): string =>
  dollars < 999_950 ? `${trim(dollars / 1_000, 1)}k` : `${trim(dollars / 1_000_000, 1)}M`

export const formatExactMoney = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(6)}`

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export const formatBytes = (bytes: number): string => {
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1)
  const value = bytes / 1_024 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : trim(value, 1)} ${UNITS[step]}`
}

// A hash is told apart by its digits, not by the name of its algorithm.
export const shortenId = (id: string, head = 8, tail = 4): string => {
  const told = id.replace(/^sha\d+:/, '')
  return told.length <= head + tail + 1 ? told : `${told.slice(0, head)}…${told.slice(-tail)}`
}

export const formatUtc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

export const formatHour = (iso: string): string => iso.slice(11, 16)

const agoSteps = [
  { below: 60_000, unit: 1_000, name: 's' },
  { below: 3_600_000, unit: 60_000, name: 'm' },
  { below: 86_400_000 * 2, unit: 3_600_000, name: 'h' },
  { below: Number.POSITIVE_INFINITY, unit: 86_400_000, name: 'd' },
]

export const formatRelative = (iso: string, nowMs: number): string => {
  const distance = nowMs - Date.parse(iso)
  const size = Math.abs(distance)
  // The clock on screen ticks slowly, so what happened just now may seem to lie ahead.
  if (size < 15_000) return 'now'
  const step = agoSteps.find((candidate) => size < candidate.below)
  if (!step) return formatUtc(iso)
  const amount = `${Math.floor(size / step.unit)} ${step.name}`
  return distance >= 0 ? `${amount} ago` : `in ${amount}`
}
