import type { Headline } from '../contract'

export const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

export const headline = (
  level: Headline['level'],
  text: string,
  href: string | null = null,
  detail: string | null = null,
): Headline => ({ level, text, detail, href })

export const linkTo = (path: string, query: Readonly<Record<string, string>> = {}): string => {
  const asked = new URLSearchParams(query).toString()
  return asked === '' ? path : `${path}?${asked}`
}

export const clockOf = (iso: string): string => `${iso.slice(11, 16)} UTC`

export const percentOf = (rate: number): string => {
  const percent = 100 * rate
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}
