import { z } from 'zod'
import { TenantId, Uuid, WorkspaceId } from '@/lib/shared/id'

export const EnvironmentName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, _ or -')

export const Annotation = z.object({
  key: z.string().trim().min(1).max(200),
  value: z.string().trim().min(1).max(2_000),
})
export type Annotation = z.output<typeof Annotation>

export const Announcement = z.object({
  url: z.url().max(2_000),
  secret: z.string().min(1).max(500).optional(),
})
export type Announcement = z.output<typeof Announcement>

export const tenant = { tenant_id: TenantId.optional() }
export const place = z.object({ workspaceId: WorkspaceId })
export const one = z.object({ workspaceId: WorkspaceId, id: Uuid })

export const Way = z.object({ ...tenant, source_env: EnvironmentName, target_env: EnvironmentName })

export const differ = { message: 'must be another environment than source_env', path: ['target_env'] }
export const isRoute = ({ source_env: from, target_env: to }: { source_env: string; target_env: string }) => from !== to

export const shape = { tag: 'promotions', verbatim: ['evidence', 'impact', 'skill_pins'] } as const
