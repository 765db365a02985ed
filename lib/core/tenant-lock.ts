import { Prisma, type PrismaClient } from './generated/sqlite/client'

// Models without a tenant column, each with its reason.
export const GLOBAL_MODELS = {
  Tenant: 'its own id is the tenant',
  SeenToken: 'replay protection of the identity provider, which is one for all tenants',
  Counter: 'coordination between instances, no tenant data',
} as const satisfies Partial<Record<Prisma.ModelName, string>>

const isGlobal = (model: string): boolean => Object.hasOwn(GLOBAL_MODELS, model)

export const MODELS: readonly string[] = Object.values(Prisma.ModelName)
export const TENANT_MODELS: readonly string[] = MODELS.filter((model) => !isGlobal(model))

type TenantModel = Uncapitalize<Exclude<Prisma.ModelName, keyof typeof GLOBAL_MODELS>>

const READS = [
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
] as const
const WRITES = ['create', 'createMany', 'update', 'updateMany', 'delete', 'deleteMany', 'upsert'] as const
type ReadOperation = (typeof READS)[number]
type WriteOperation = (typeof WRITES)[number]

export type ReadDb = { readonly tenantId: string } & {
  [M in TenantModel]: Pick<PrismaClient[M], ReadOperation>
}
export type WriteDb = { readonly tenantId: string } & {
  [M in TenantModel]: Pick<PrismaClient[M], ReadOperation | WriteOperation>
}

type Args = Record<string, unknown>

const isOneOf = <T extends string>(list: readonly T[], value: string): value is T => list.some((item) => item === value)

const isObject = (value: unknown): value is Args => typeof value === 'object' && value !== null && !Array.isArray(value)

const stamped = (value: unknown, tenantId: string): unknown =>
  Array.isArray(value) ? value.map((item) => stamped(item, tenantId)) : { ...(isObject(value) ? value : {}), tenantId }

const refuseMove = (data: unknown): void => {
  if (isObject(data) && ('tenantId' in data || 'tenant' in data)) throw new Error('A row never moves to another tenant')
}

const columnsOf = (model: string): ReadonlySet<string> =>
  new Set(Object.keys((Prisma as unknown as Record<string, object>)[`${model}ScalarFieldEnum`] ?? {}))

// A write through a relation would reach rows that the lock never sees.
const refuseNested = (model: string, data: unknown): void => {
  if (Array.isArray(data)) for (const item of data) refuseNested(model, item)
  if (!isObject(data)) return
  const columns = columnsOf(model)
  const other = Object.keys(data).find((name) => !columns.has(name))
  if (other !== undefined) throw new Error(`${model}.${other} is no column; write each row by itself`)
}

// What a caller wrote about the tenant is overwritten, so forgetting it is as harmless as forging it.
export const lockArgs = (operation: string, raw: unknown, tenantId: string): Args => {
  const args = isObject(raw) ? raw : {}
  const where = stamped(args['where'], tenantId)
  if (isOneOf(READS, operation)) return { ...args, where }
  if (operation === 'create' || operation === 'createMany') return { ...args, data: stamped(args['data'], tenantId) }
  if (operation === 'update' || operation === 'updateMany') {
    refuseMove(args['data'])
    return { ...args, where }
  }
  if (operation === 'upsert') {
    refuseMove(args['update'])
    return { ...args, where, create: stamped(args['create'], tenantId) }
  }
  return { ...args, where }
}

// `allowsRaw` opens only while the writer itself runs a statement inside the transaction.
export type LockMode = { tenantId: string; writes: boolean; isOpen: () => boolean; allowsRaw?: () => boolean }

const check = (mode: LockMode, model: string, operation: string, args: unknown): void => {
  if (!mode.isOpen()) throw new Error('The transaction is over')
  if (Object.hasOwn(GLOBAL_MODELS, model)) throw new Error(`${model} is not reachable through a tenant`)
  if (isOneOf(READS, operation)) return
  if (!mode.writes) throw new Error('scope.db only reads; write through scope.mutate or scope.command')
  if (!isOneOf(WRITES, operation)) throw new Error(`${operation} is not an operation of the tenant lock`)
  if (isObject(args)) for (const part of ['data', 'create', 'update']) refuseNested(model, args[part])
}

type RawCall = { args: unknown; query: (args: never) => Promise<unknown> }

const rawDoor =
  (mode: LockMode) =>
  ({ args, query }: RawCall): Promise<unknown> => {
    if (mode.allowsRaw?.()) return query(args as never)
    throw new Error('Raw SQL does not pass the tenant lock')
  }

const extend = (client: PrismaClient, mode: LockMode) =>
  client.$extends({
    name: 'tenant-lock',
    client: { tenantId: mode.tenantId },
    query: {
      $allModels: {
        $allOperations: ({ model, operation, args, query }) => {
          check(mode, model, operation, args)
          return query(lockArgs(operation, args, mode.tenantId) as typeof args)
        },
      },
      $queryRaw: rawDoor(mode),
      $queryRawUnsafe: rawDoor(mode),
      $executeRaw: rawDoor(mode),
      $executeRawUnsafe: rawDoor(mode),
    },
  })

// Without a tenant, but with an end: whoever keeps the client beyond its transaction finds it shut.
export const mortal = (client: PrismaClient, alive: () => void): PrismaClient =>
  client.$extends({
    name: 'mortal',
    query: {
      $allOperations: ({ args, query }) => {
        alive()
        return query(args)
      },
    },
  }) as unknown as PrismaClient

// The extension narrows at run time what ReadDb and WriteDb narrow for the compiler.
export const lockClient = (client: PrismaClient, mode: LockMode): PrismaClient =>
  extend(client, mode) as unknown as PrismaClient

export const asReadDb = (client: PrismaClient, tenantId: string): ReadDb =>
  lockClient(client, { tenantId, writes: false, isOpen: () => true }) as unknown as ReadDb

export const asWriteDb = (locked: PrismaClient): WriteDb => locked as unknown as WriteDb
