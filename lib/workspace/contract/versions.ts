import { z } from 'zod'
import { contract, ops, service } from '@/lib/shared/contract'
import { TenantId, WorkspaceId } from '@/lib/shared/id'
import { limitOf, Offset } from '@/lib/shared/page'
import { FilePath, ListedVersion, Version, VersionDigits, VersionFileAbout, VersionName } from './version'

const count = () => z.number().int().min(0)
const tenant = { tenant_id: TenantId.optional() }
const place = z.object({ workspaceId: WorkspaceId })
const one = z.object({ workspaceId: WorkspaceId, hash: VersionName })

const MOST_JSON_BYTES = 24 * 1_048_576
const MOST_DELETED = 10_000

export const NewFile = z.union([
  z.string(),
  z.object({
    content: z.string(),
    encoding: z.enum(['utf8', 'base64']).default('utf8'),
    executable: z.boolean().optional(),
  }),
])
export type NewFile = z.output<typeof NewFile>

export const SaveVersion = z
  .object({
    ...tenant,
    files: z.record(z.string(), NewFile).optional().meta({ description: 'All that the version holds, by path' }),
    changed: z.record(z.string(), NewFile).optional().meta({ description: 'What differs from parent_hash, by path' }),
    deleted: z
      .array(FilePath)
      .max(MOST_DELETED)
      .optional()
      .meta({ description: 'What parent_hash held and this does not' }),
    parent_hash: VersionDigits.optional().meta({
      description:
        'The version that the caller has seen last; refused with version_conflict where there is a newer one',
    }),
    message: z.string().trim().max(2_000).optional(),
  })
  .refine(({ files, changed, deleted }) => (files === undefined) !== (changed === undefined && deleted === undefined), {
    message: 'must be given, or else changed or deleted; not both',
    path: ['files'],
  })
  .refine(({ files, parent_hash }) => files !== undefined || parent_hash !== undefined, {
    message: 'is needed where only changes are given',
    path: ['parent_hash'],
  })
export type SaveVersion = z.output<typeof SaveVersion>

export const ARCHIVES = ['application/x-tar', 'application/tar', 'application/gzip', 'application/x-gzip'] as const

const saving = {
  method: 'POST',
  tag: 'workspace',
  summary: 'Save a version: all files as a tar (gzip or not) or as JSON, or what differs from the last one',
  params: place,
  // Of an archive; JSON says the same in its body.
  query: z.object({
    ...tenant,
    message: z.string().trim().max(2_000).optional(),
    parent_hash: VersionDigits.optional(),
    create: z
      .enum(['true', 'false'])
      .default('false')
      .meta({ description: 'Makes the workspace where there is none of this name' }),
  }),
  body: SaveVersion,
  maxBodyBytes: MOST_JSON_BYTES,
  raw: { accepts: ARCHIVES },
  reply: z.object({
    status: z.literal('ok'),
    is_new: z.boolean().meta({ description: 'false where this content is a version already' }),
    version: Version,
  }),
  status: 201,
} as const

export const saveVersion = contract({
  ...saving,
  path: '/workspace/{workspaceId}/versions',
  guard: service('write'),
})
export const opsSaveVersion = contract({
  ...saving,
  path: '/ops/api/workspaces/{workspaceId}/versions',
  guard: ops('workspace:edit'),
})

const listing = {
  method: 'GET',
  tag: 'workspace',
  summary: 'Versions of a workspace, the latest first',
  params: place,
  query: z.object({ ...tenant, limit: limitOf(200, 20), offset: Offset }),
  reply: z.object({
    workspace_id: z.string(),
    versions: z.array(ListedVersion),
    total: count(),
    has_more: z.boolean(),
    limit: count(),
    offset: count(),
  }),
} as const

export const listVersions = contract({
  ...listing,
  path: '/workspace/{workspaceId}/versions',
  guard: service('read'),
})
export const opsListVersions = contract({
  ...listing,
  path: '/ops/api/workspaces/{workspaceId}/versions',
  guard: ops('workspace:view'),
})

const reading = { method: 'GET', tag: 'workspace', params: one, query: z.object(tenant) } as const
const VERSION = '/versions/{hash}'

const showing = { ...reading, summary: 'One version', reply: z.object({ version: Version }) } as const
export const getVersion = contract({
  ...showing,
  path: `/workspace/{workspaceId}${VERSION}`,
  guard: service('read'),
})
export const opsGetVersion = contract({
  ...showing,
  path: `/ops/api/workspaces/{workspaceId}${VERSION}`,
  guard: ops('workspace:view'),
})

const filing = {
  ...reading,
  summary: 'The files of a version: paths, hashes, sizes',
  reply: z.object({ version_hash: z.string(), files: z.array(VersionFileAbout) }),
} as const
export const listVersionFiles = contract({
  ...filing,
  path: `/workspace/{workspaceId}${VERSION}/files`,
  guard: service('read'),
})
export const opsListVersionFiles = contract({
  ...filing,
  path: `/ops/api/workspaces/{workspaceId}${VERSION}/files`,
  guard: ops('workspace:view'),
})

const opening = {
  ...reading,
  summary: 'One file of a version with its content',
  query: z.object({ ...tenant, path: FilePath }),
  reply: z.object({ version_hash: z.string(), file: VersionFileAbout.extend({ content: z.string() }) }),
} as const
export const getVersionFile = contract({
  ...opening,
  path: `/workspace/{workspaceId}${VERSION}/file`,
  guard: service('read'),
})
export const opsGetVersionFile = contract({
  ...opening,
  path: `/ops/api/workspaces/{workspaceId}${VERSION}/file`,
  guard: ops('workspace:view'),
})

const loading = {
  ...reading,
  summary: 'A version as an archive, or as the JSON that saves it',
  query: z.object({ ...tenant, format: z.enum(['tar', 'json']).default('tar') }),
  replyType: 'download',
} as const
export const downloadVersion = contract({
  ...loading,
  path: `/workspace/{workspaceId}${VERSION}/download`,
  guard: service('read'),
})
export const opsDownloadVersion = contract({
  ...loading,
  path: `/ops/api/workspaces/{workspaceId}${VERSION}/download`,
  guard: ops('workspace:view'),
})
