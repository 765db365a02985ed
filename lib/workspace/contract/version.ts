import { z } from 'zod'
import { Timestamp } from '@/lib/shared/time'

const count = () => z.number().int().min(0)

export const VersionDigits = z
  .string()
  .regex(/^[0-9a-fA-F]{8,64}$/, 'must be 8 to 64 digits of a version hash')
  .meta({ example: '9f86d081884c7d65' })

// `latest` is the version that was saved last.
export const VersionName = z.union([VersionDigits, z.literal('latest')])

export const FilePath = z.string().min(1).max(1_024)

export const FileAbout = z.object({
  path: z.string(),
  hash: z.string().meta({ description: 'SHA-256 of its bytes' }),
  size: count(),
})

export const VersionFileAbout = FileAbout.extend({
  encoding: z.enum(['utf8', 'base64']).meta({ description: 'How its content is told: text, or bytes that are none' }),
  executable: z.boolean(),
})

export const Version = z.object({
  version_hash: z.string(),
  full_hash: z.string(),
  workspace_id: z.string(),
  message: z.string().optional(),
  source: z.enum(['push', 'console', 'run', 'import']),
  parent_hash: z.string().nullable(),
  created_at: Timestamp,
  created_by: z.string(),
  file_count: count(),
  size: count(),
  warnings: z.array(z.string()),
  pinned_in: z.array(z.string()).meta({ description: 'Environments that are pinned to it, or to it as a canary' }),
  is_latest: z.boolean(),
})
export type Version = z.infer<typeof Version>

export const ListedVersion = Version.extend({
  files: z
    .array(FileAbout)
    .meta({ description: 'Empty for a version of more than 200 files: those are had by themselves' }),
})
export type ListedVersion = z.infer<typeof ListedVersion>
