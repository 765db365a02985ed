import { z } from 'zod'
import { TenantId } from '@/lib/shared/id'

// The words of skill contracts. What is asked for is looked up, so it is only bounded here.
export const SKILL_STATES = ['draft', 'tested', 'approved', 'active', 'deprecated'] as const
export const SkillStateName = z.enum(SKILL_STATES)

export const NameAsked = z.string().min(1).max(64)
export const VersionAsked = z.string().min(1).max(40)

export const OneVersion = z.object({ name: NameAsked, version: VersionAsked })
export const OneSkill = z.object({ name: NameAsked })
export const Tenant = z.object({ tenant_id: TenantId.optional() })

export const Checksum = z.string().meta({
  description: 'First 16 hex digits of the SHA-256 of name, version, instructions, inputs, outputs and permissions',
})
export const ContentHash = z.string().meta({ description: 'SHA-256 of the stable JSON of the whole manifest' })

export const PermissionDiff = z.object({
  added: z
    .array(z.string())
    .meta({ description: 'Tools that this version may use and the one it is compared with may not' }),
  removed: z.array(z.string()),
})
export type PermissionDiff = z.output<typeof PermissionDiff>
