import { z } from 'zod'

// A whole number from a URL: digits alone, so that '', ' 1', '0x10', '1e3' and lists are refused, not guessed at.
export const wholeOf = (min: number, max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,16}$/, 'must be a whole number')
        .transform(Number),
    ])
    .pipe(z.number().int().min(min).max(max))

export const limitOf = (max: number, initial: number) => wholeOf(1, max).default(initial)

export const Offset = wholeOf(0, 1_000_000).default(0)

const MAX_CURSOR = 512

// A cursor is opaque to callers; whoever issued it must be able to parse it again, anything else is refused.
export const encodeCursor = (parts: readonly (string | number)[]): string =>
  btoa(JSON.stringify(parts)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

export const cursorOf = <T extends z.ZodType>(parts: T) =>
  z
    .string()
    .max(MAX_CURSOR)
    .transform((text, context): z.output<T> => {
      const parsed = parts.safeParse(decode(text))
      if (parsed.success && encodeCursor(parsed.data as (string | number)[]) === text) return parsed.data
      context.addIssue({ code: 'custom', message: 'is not a cursor that was issued here' })
      return z.NEVER
    })

const decode = (text: string): unknown => {
  try {
    return JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return undefined
  }
}
