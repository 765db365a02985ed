import { z } from 'zod'

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

// RFC 9562 version 7: 48 bits of milliseconds, then random.
export const uuidv7 = (nowMs: number): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(nowMs / 2 ** (8 * (5 - i))) % 256
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const text = hex(bytes)
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)

export const Uuid = z
  .string()
  .refine(isUuid, 'must be a UUID')
  .meta({ format: 'uuid', example: '0193f0a0-0000-7000-8000-000000000000' })

export const KeyId = Uuid.brand('KeyId')
export type KeyId = z.infer<typeof KeyId>

export const JobId = Uuid.brand('JobId')
export type JobId = z.infer<typeof JobId>

export const TenantId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/, 'must be 1 to 128 letters, digits or ._:@-')
export const WorkspaceId = TenantId
