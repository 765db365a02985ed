import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId } from '@/lib/shared/id'
import { Timestamp } from '@/lib/shared/time'
import { Justification, ReasonCode } from './receipt'

export const REDACTION_STRATEGIES = ['mask', 'hash', 'drop', 'summarize', 'token'] as const

const Strategy = z.enum(REDACTION_STRATEGIES).meta({
  description:
    'mask writes the replacement; hash [HASH:8 hex] of a keyed digest; drop nothing; summarize the first two and last two characters; token [TOKEN:…], which can be asked for again',
})
const RuleName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores, at most 40')
  .meta({ description: 'A kind that the house finds, or a name of your own' })
// What replaces a value stands in every kind of text.
const Replacement = z
  .string()
  .max(40)
  .regex(/^[^\p{Cc}"\\]*$/u, 'neither quotation marks, backslashes nor control characters')
const Pattern = z.string().min(1).max(500)

const RuleDraft = z.object({
  name: RuleName,
  pattern: Pattern.nullish().meta({ description: 'Also spelled regex. Left out: how a kind of the house is written' }),
  strategy: Strategy.default('mask'),
  replacement: Replacement.nullish(),
  is_enabled: z.boolean().default(true),
})
export type RuleDraft = z.output<typeof RuleDraft>

export const RedactionRuleView = z.object({
  name: z.string(),
  pattern: z.string().nullable(),
  strategy: z.enum(REDACTION_STRATEGIES),
  replacement: z.string().nullable(),
  is_enabled: z.boolean(),
  updated_by: z.string(),
  updated_at: Timestamp,
})

export const RedactionView = z.object({
  tenant_id: z.string(),
  kinds: z.array(
    z.object({
      name: z.string(),
      mask: z.string(),
      strategy: z.enum(REDACTION_STRATEGIES),
      is_enabled: z.boolean(),
      may_be_off: z.boolean().meta({ description: 'Secrets are always redacted' }),
    }),
  ),
  rules: z.array(RedactionRuleView),
  limits: z.object({ most_patterns: z.number().int(), most_chars: z.number().int() }),
})

const TenantQuery = z.object({ tenant_id: TenantId.optional() })
const shared = { tag: 'redaction', camel: true } as const

const reading = {
  ...shared,
  method: 'GET',
  summary: 'How secrets and personal data are written for this tenant',
  query: TenantQuery,
  reply: RedactionView,
} as const
export const getRedaction = contract({ ...reading, path: '/redaction', guard: service('read') })
export const opsGetRedaction = contract({ ...reading, path: '/ops/api/redaction', guard: ops('audit:view') })

const Why = z.string().trim().max(1000).optional().meta({ description: 'Kept in the audit log' })

const putting = {
  ...shared,
  method: 'PUT',
  summary: 'Set one rule: how a kind is written, or a pattern of your own',
  body: RuleDraft.extend({ tenant_id: TenantId.optional(), justification: Why }),
  also: { pattern: ['regex'] },
  reply: z.object({ status: z.literal('ok'), rule: RedactionRuleView }),
} as const
export const putRedaction = contract({ ...putting, path: '/redaction', guard: service('write') })
export const opsPutRedaction = contract({ ...putting, path: '/ops/api/redaction', guard: ops('retention:modify') })
export type RuleChange = z.output<typeof putRedaction.body>

const dropping = {
  ...shared,
  method: 'DELETE',
  summary: 'Remove one rule: the kind is written as the house does, the pattern is looked for no more',
  query: TenantQuery.extend({ name: RuleName }),
  reply: z.object({ status: z.literal('ok'), name: z.string() }),
} as const
export const dropRedaction = contract({ ...dropping, path: '/redaction', guard: service('write') })
export const opsDropRedaction = contract({ ...dropping, path: '/ops/api/redaction', guard: ops('retention:modify') })

const MOST_PREVIEW = 100_000

const previewing = {
  ...shared,
  method: 'POST',
  summary: 'What would be stored of a text; nothing is',
  body: z.object({
    tenant_id: TenantId.optional(),
    text: z.string().max(MOST_PREVIEW),
    rules: z.array(RuleDraft).max(20).optional().meta({ description: 'Tried in place of the rules of the same name' }),
  }),
  reply: z.object({
    redacted: z.string(),
    findings: z.array(z.object({ name: z.string(), from: z.number().int(), to: z.number().int() })),
    counts: z.record(z.string(), z.number().int()),
    is_cut: z.boolean().meta({ description: 'Only the first 1,000 findings are listed' }),
  }),
  verbatim: ['counts'],
} as const
export const previewRedaction = contract({ ...previewing, path: '/redaction/preview', guard: service('read') })
export const opsPreviewRedaction = contract({
  ...previewing,
  path: '/ops/api/redaction/preview',
  guard: ops('audit:view'),
})
export type PreviewAsked = z.output<typeof previewRedaction.body>

export const opsDetokenise = contract({
  ...shared,
  method: 'POST',
  path: '/ops/api/redaction/detokenise',
  summary: 'What reversible tokens stand for; the reading leaves a receipt',
  guard: ops('trace:reveal'),
  body: z.object({
    tenant_id: TenantId.optional(),
    tokens: z
      .array(z.string().regex(/^(?:\[TOKEN:)?[0-9a-f]{32}\]?$/, 'a token as it stands in a text'))
      .min(1)
      .max(100),
    reason_code: ReasonCode,
    justification: Justification,
  }),
  reply: z.object({
    tenant_id: z.string(),
    receipt_id: z.string(),
    values: z.array(z.object({ token: z.string(), kind: z.string().nullable(), value: z.string().nullable() })),
  }),
})
export type DetokeniseAsked = z.output<typeof opsDetokenise.body>
