import { z } from 'zod'

export const limitOf = (max: number, initial: number) => z.coerce.number().int().min(1).max(max).default(initial)

export const Offset = z.coerce.number().int().min(0).max(1_000_000).default(0)

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
