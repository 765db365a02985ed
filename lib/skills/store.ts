import type { ReadDb, Scope, WriteDb } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { latestCount, latestPage, useOfVersions } from './sql'

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

/** The highest active version, else the highest of all. */
export const findLatest = async (db: ReadDb, name: string): Promise<SkillRow | null> =>
  (await db.skillVersion.findFirst({ where: { name, state: 'active' }, orderBy: [...NEWEST] })) ??
  (await db.skillVersion.findFirst({ where: { name }, orderBy: [...NEWEST] }))

export const findManifest = async (db: ReadDb, name: string, version: string): Promise<unknown> =>
  (await db.skillVersion.findUnique({ where: keyOf(db, name, version), select: { manifest: true } }))?.manifest

const MOST_VERSIONS = 1_000

const LISTED = {
  ...LIGHT,
  ...{ description: true, checksum: true, publishedAt: true, major: true, minor: true, patch: true },
} as const

export const findVersions = (db: ReadDb, name: string) =>
  db.skillVersion.findMany({ where: { name }, orderBy: [...NEWEST], select: LISTED, take: MOST_VERSIONS })
export type ListedRow = Awaited<ReturnType<typeof findVersions>>[number]

export const findByState = (db: ReadDb, state: string, take: number) =>
  db.skillVersion.findMany({
    where: { state },
    orderBy: [{ publishedAt: 'desc' }, { name: 'asc' }, ...NEWEST],
    select: LISTED,
    take,
  })

export const insertVersion = (db: WriteDb, data: Omit<SkillRow, 'tenantId' | 'manifest'> & { manifest: object }) =>
  db.skillVersion.create({ data: { tenantId: db.tenantId, ...data } })

const like = (word: string): string => `%${word.toLowerCase().replaceAll(/[!%_]/g, (sign) => `!${sign}`)}%`

const MOST_WORDS = 8

type Search = { q?: string | undefined; limit: number; offset: number }

/** The latest version of each name that has all the words, and how many there are. */
export const findLatestPage = async (scope: Scope, { q = '', limit, offset }: Search) => {
  const words = JSON.stringify(q.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS).map(like))
  const [page, count] = await Promise.all([
    scope.rows(latestPage, { words, most: limit, skip: offset }),
    scope.rows(latestCount, { words }),
  ])
  const keys = page.map((row) => ({ name: String(row['name']), version: String(row['version']) }))
  const found = keys.length === 0 ? [] : await scope.db.skillVersion.findMany({ where: { OR: keys } })
  const rows = keys.flatMap(
    (key) => found.find(({ name, version }) => name === key.name && version === key.version) ?? [],
  )
  return { rows, total: Number(count[0]?.['count'] ?? 0) }
}

/** The permissions of all versions of some skills, newest first within a name. */
export const findManifests = (db: ReadDb, names: readonly string[]) =>
  db.skillVersion.findMany({
    where: { name: { in: [...names] } },
    orderBy: [{ name: 'asc' }, ...NEWEST],
    select: { name: true, version: true, state: true, manifest: true },
    take: MOST_VERSIONS,
  })

export type Use = { traces: number; errors: number; cost: number; first: string; last: string }

type Asked = { names: readonly string[]; since: Date; workspaces: readonly string[] | null }

const dayOf = (value: unknown): string => String(value).replace('+00:00', 'Z')

/** By `name@version`. */
export const usesOf = async (scope: Scope, { names, since, workspaces }: Asked): Promise<Map<string, Use>> => {
  const rows = await scope.rows(useOfVersions, {
    names: JSON.stringify(names),
    start: storedTime(since),
    workspaces: workspaces === null ? null : JSON.stringify(workspaces),
  })
  return new Map(
    rows.map((row) => [
      String(row['value']),
      {
        traces: Number(row['traces']),
        errors: Number(row['errors']),
        cost: Number(row['cost']),
        first: dayOf(row['first']),
        last: dayOf(row['last']),
      },
    ]),
  )
}

const MOST_PINS = 2_000

export const findPins = (db: ReadDb, workspaces: readonly string[] | null) =>
  db.workspacePin.findMany({
    where: workspaces === null ? {} : { workspaceId: { in: [...workspaces] } },
    select: { workspaceId: true, environment: true, skillPins: true },
    orderBy: [{ workspaceId: 'asc' }, { environment: 'asc' }],
    take: MOST_PINS,
  })

export const findPassed = (db: ReadDb, name: string, version: string, contentHash: string) =>
  db.skillTestRun.findFirst({
    where: { name, version, contentHash, status: 'passed' },
    orderBy: { startedAt: 'desc' },
    select: { id: true, completedAt: true, testCount: true },
  })

export const findTestRuns = (db: ReadDb, name: string, version: string | undefined, take: number) =>
  db.skillTestRun.findMany({
    where: { name, completedAt: { not: null }, ...(version === undefined ? {} : { version }) },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take,
  })
export type TestRunRow = Awaited<ReturnType<typeof findTestRuns>>[number]

export const insertTestRun = (db: WriteDb, data: Omit<TestRunRow, 'tenantId' | 'results'> & { results: object[] }) =>
  db.skillTestRun.create({ data: { tenantId: db.tenantId, ...data } })

const MOST_RUNS = 1_000

export const findTestFacts = (db: ReadDb, name: string) =>
  db.skillTestRun.findMany({
    where: { name, completedAt: { not: null } },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    select: { version: true, status: true, testCount: true, passCount: true },
    take: MOST_RUNS,
  })

export const findEvalFacts = (db: ReadDb, name: string, workspaces: readonly string[] | null) =>
  db.evalRun.findMany({
    where: {
      skillName: name,
      completedAt: { not: null },
      ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
    },
    orderBy: { createdAt: 'desc' },
    select: { id: true, skillVersion: true, passCount: true, failCount: true, errorCount: true },
    take: MOST_RUNS,
  })

export const findSigner = (db: ReadDb, id: string) =>
  db.skillSigner.findUnique({ where: { tenantId_id: { tenantId: db.tenantId, id } } })
export type SignerRow = NonNullable<Awaited<ReturnType<typeof findSigner>>>

const MOST_SIGNERS = 500

export const findSigners = (db: ReadDb) =>
  db.skillSigner.findMany({ orderBy: [{ addedAt: 'asc' }, { id: 'asc' }], take: MOST_SIGNERS })

export const putSigner = (db: WriteDb, data: Omit<SignerRow, 'tenantId'>) =>
  db.skillSigner.upsert({
    where: { tenantId_id: { tenantId: db.tenantId, id: data.id } },
    create: { tenantId: db.tenantId, ...data },
    update: { name: data.name, addedBy: data.addedBy, addedAt: data.addedAt, revokedAt: null },
  })

export const setRevoked = (db: WriteDb, id: string, revokedAt: Date) =>
  db.skillSigner.update({ where: { tenantId_id: { tenantId: db.tenantId, id } }, data: { revokedAt } })
