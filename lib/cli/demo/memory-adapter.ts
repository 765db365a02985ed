import type { Adapter, AdapterPayload } from 'oidc-provider'
import { systemClock } from '@/lib/core/clock'

export type Storage = Map<string, AdapterPayload>

const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode'])

const found = (storage: Storage, key: string) => storage.get(key)

const findBy = (storage: Storage, model: string, field: 'uid' | 'userCode', value: string) =>
  [...storage].find(([key, payload]) => key.startsWith(`${model}:`) && payload[field] === value)?.[1]

// One store behind several provider instances, so that new signing keys do not sign people out.
export const memoryAdapter =
  (storage: Storage) =>
  (model: string): Adapter => {
    const at = (id: string) => `${model}:${id}`
    return {
      upsert: async (id, payload) => void storage.set(at(id), payload),
      find: async (id) => found(storage, at(id)),
      findByUid: async (uid) => findBy(storage, model, 'uid', uid),
      findByUserCode: async (code) => findBy(storage, model, 'userCode', code),
      consume: async (id) => {
        const payload = found(storage, at(id))
        if (payload) storage.set(at(id), { ...payload, consumed: Math.floor(systemClock.now().getTime() / 1000) })
      },
      destroy: async (id) => void storage.delete(at(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of storage) {
          const kind = key.slice(0, key.indexOf(':'))
          if (GRANTABLE.has(kind) && payload.grantId === grantId) storage.delete(key)
        }
      },
    }
  }
