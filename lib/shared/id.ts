import { z } from 'zod'

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

// Version and variant of a random UUID stand where those of version 7 do. Browsers offer it on secure pages alone.
const randomTail = (): string => {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID().slice(15)
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80
  const text = hex(bytes)
  return `${text.slice(1, 4)}-${text.slice(4, 8)}-${text.slice(8)}`
}

// RFC 9562 version 7: 48 bits of milliseconds, then random.
export const uuidv7 = (nowMs: number): string => {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomTail()}`
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
