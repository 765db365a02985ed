import { z } from 'zod'
import { contract, ops } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'

export const ToolPattern = z
  .string()
  .regex(/^(?:\*|[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}(?::\*)?)$/, 'must be a tool, ns:* for a namespace, or *')
const Patterns = z.array(ToolPattern).max(1_000)
const Allowed = z.union([z.literal('*'), Patterns])

export const ToolSettingsView = z.object({
  tenant_id: z.string(),
  allowed_tools: Allowed.meta({ description: '* is every tool; an empty list is none' }),
  denied_tools: Patterns,
  updated_at: Timestamp.nullable().meta({ description: 'null when the settings were never changed' }),
})

export const opsToolSettings = contract({
  method: 'GET',
  path: '/ops/api/settings/tools',
  summary: 'Which tools agents of the tenant may use',
  guard: ops('dashboard:view'),
  tag: 'settings',
  query: z.object({ tenant_id: TenantId.optional() }),
  reply: ToolSettingsView,
})

export const opsPutToolSettings = contract({
  method: 'PUT',
  path: '/ops/api/settings/tools',
  summary: 'Change which tools agents of the tenant may use; what is left out stays',
  guard: ops('tenant:manage'),
  tag: 'settings',
  body: z
    .object({ tenant_id: TenantId.optional(), allowed_tools: Allowed.optional(), denied_tools: Patterns.optional() })
    .refine((body) => body.allowed_tools !== undefined || body.denied_tools !== undefined, {
      message: 'needs allowed_tools or denied_tools',
    }),
  reply: ToolSettingsView,
})
