import { createHash } from 'node:crypto'
import type { Caller } from './agent-token'
import type { House } from './endpoint'
import type { Hooked } from './hooks'
import { Refusal } from './refusal'

type Created = Record<string, unknown>
type Input = Record<string, unknown> & { idempotency_key?: string | undefined }

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  )
}

const fingerprint = (what: string, { idempotency_key: _, ...input }: Input): string =>
  createHash('sha256')
    .update(`${what}\n${JSON.stringify(sorted(input))}`)
    .digest('hex')

// The first reply to this key, or nothing. A key that stands for another request is refused.
const original = ({ store }: House, who: Caller, key: string, request: string): Created | undefined => {
  const known = store.one(
    'SELECT request, reply FROM keys WHERE tenant_id = ? AND user_id = ? AND key = ?',
    who.tenantId,
    who.userId,
    key,
  )
  if (!known) return undefined
  if (known['request'] !== request) throw new Refusal(409, 'idempotency_key conflict', 'idempotency_conflict')
  return JSON.parse(String(known['reply'])) as Created
}

const ask = async ({ hooks }: House, hooked: Hooked | undefined, input: Input, who: Caller): Promise<void> => {
  const reason = hooked ? await hooks[`before_${hooked}`]?.(input, who) : undefined
  if (reason !== undefined) throw new Refusal(403, reason, 'blocked_by_plugin')
}

type Making = { what: string; hooked?: Hooked; input: Input; insert: () => Created; tell?: (created: Created) => void }

// Every create goes through here: a key is looked up, the plugin asked, and row and key are kept together.
export const create = async (house: House, who: Caller, making: Making): Promise<Created> => {
  const { input, hooked, insert } = making
  const key = input.idempotency_key
  const request = fingerprint(making.what, input)
  const before = key === undefined ? undefined : original(house, who, key, request)
  if (before) return before
  await ask(house, hooked, input, who)
  const { created, isNew } = house.store.together(() => {
    const meanwhile = key === undefined ? undefined : original(house, who, key, request)
    if (meanwhile) return { created: meanwhile, isNew: false }
    const made = insert()
    if (key !== undefined)
      house.store.run(
        'INSERT INTO keys (tenant_id, user_id, key, request, reply) VALUES (?, ?, ?, ?, ?)',
        who.tenantId,
        who.userId,
        key,
        request,
        JSON.stringify(made),
      )
    return { created: made, isNew: true }
  })
  if (isNew) {
    making.tell?.(created)
    if (hooked) await tellPlugin(house, hooked, created, who)
  }
  return created
}

// It is created already, so a failing plugin changes nothing for the caller.
const tellPlugin = async ({ hooks }: House, hooked: Hooked, created: Created, who: Caller) => {
  try {
    await hooks[`after_${hooked}`]?.(created, who)
  } catch (error) {
    process.stderr.write(`after_${hooked} failed: ${String(error)}\n`)
  }
}
