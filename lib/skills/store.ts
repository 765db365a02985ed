import type { ReadDb } from '@/lib/core/scope'

const LIGHT = {
  name: true,
  version: true,
  state: true,
  contentHash: true,
  signature: true,
  signedBy: true,
} as const

const NEWEST = [{ major: 'desc' }, { minor: 'desc' }, { patch: 'desc' }] as const

const keyOf = (db: ReadDb, name: string, version: string) => ({
  tenantId_name_version: { tenantId: db.tenantId, name, version },
})

export const findVersion = (db: ReadDb, name: string, version: string) =>
  db.skillVersion.findUnique({ where: keyOf(db, name, version) })
export type SkillRow = NonNullable<Awaited<ReturnType<typeof findVersion>>>

export const findLight = (db: ReadDb, name: string, version: string) =>
  db.skillVersion.findUnique({ where: keyOf(db, name, version), select: LIGHT })
export type LightRow = NonNullable<Awaited<ReturnType<typeof findLight>>>

export const findHighestActive = (db: ReadDb, name: string) =>
  db.skillVersion.findFirst({ where: { name, state: 'active' }, orderBy: [...NEWEST], select: LIGHT })

export const findManifest = async (db: ReadDb, name: string, version: string): Promise<unknown> =>
  (await db.skillVersion.findUnique({ where: keyOf(db, name, version), select: { manifest: true } }))?.manifest

export const findSigner = (db: ReadDb, id: string) =>
  db.skillSigner.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })
export type SignerRow = NonNullable<Awaited<ReturnType<typeof findSigner>>>
