import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { Timestamp } from '@/lib/shared/time'
import { Checksum, ContentHash, SkillStateName, Tenant } from './words'

export const PublishedSkill = z.object({
  name: z.string(),
  version: z.string(),
  state: SkillStateName,
  checksum: Checksum,
  content_hash: ContentHash,
  published_at: Timestamp,
  published_by: z.string(),
  signed_by: z.string().nullable().meta({ description: 'Key id of the signer; null where it is not signed' }),
  warnings: z.array(z.string()),
})

export const publishSkill = contract({
  method: 'POST',
  path: '/skills/publish',
  summary: 'Publish one version of a skill; it never changes again',
  guard: service('write'),
  tag: 'skills',
  query: Tenant.extend({
    version: z.string().max(40).optional().meta({ description: 'Of a SKILL.md that does not say it itself' }),
  }),
  body: z.record(z.string(), z.unknown()).meta({
    description:
      'The manifest, or `manifest` with `signature` and `signed_by` beside it, or `markdown` with the text of a SKILL.md and `version`',
  }),
  bodyType: 'document',
  reply: z.object({ status: z.literal('ok'), skill: PublishedSkill }),
  status: 201,
  camel: true,
  idempotent: true,
})
export const opsPublishSkill = contract({
  ...publishSkill,
  path: '/ops/api/skills/publish',
  guard: ops('skill:publish'),
})
