import { z } from 'zod'

const isTimeZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export type EnvField = {
  group: string
  means: string
  schema: z.ZodType
  also?: readonly string[]
  secret?: boolean
  shown?: string
}

export const text = (initial = '') => z.string().max(4096).default(initial)
export const whole = (initial: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .default(initial)
export const flag = (initial: boolean) =>
  z
    .enum(['true', 'false', '1', '0'])
    .transform((v) => v === 'true' || v === '1')
    .default(initial)
export const list = () =>
  text().transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
const hasUser = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { username, password } = new URL(value)
  return username !== '' || password !== ''
}
export const webUrl = (initial = '') =>
  text(initial)
    .refine((value) => value === '' || /^https?:\/\/[^\s/]+/.test(value), 'must be an http(s) URL')
    .refine((value) => !hasUser(value), 'must not carry a user or a password: addresses are shown and logged')
export const databaseUrl = () =>
  text().refine(
    (value) => value === '' || /^(file:.+|postgres(ql)?:\/\/.+)$/.test(value),
    'must start with file: or postgresql:',
  )
export const role = () => z.enum(['', 'viewer', 'operator', 'release_manager', 'admin']).default('')
export const hmac = () => z.enum(['HS256', 'HS384', 'HS512']).default('HS256')

export const ratio = (initial: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number from 0 to 1')
    .transform(Number)
    .pipe(z.number().min(0).max(1))
    .default(initial)
export const timezone = (initial: string) =>
  text(initial).refine((value) => value === '' || isTimeZone(value), 'must be an IANA time zone')
export const onUnlessFalse = () => text('true').transform((value) => value.trim().toLowerCase() !== 'false')
export const PROVIDERS = ['openai', 'anthropic', 'google', 'xai', 'groq', 'mistral', 'openrouter', 'demo'] as const
export const providerKey = (name: string) => ({
  group: 'Models',
  means: `Key of ${name}`,
  schema: text(),
  secret: true,
})
export const providerUrl = (name: string) => ({
  group: 'Models',
  means: `Other address of ${name}: a gateway, a compatible server, a closed network`,
  schema: webUrl(),
})
