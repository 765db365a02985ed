import type { Scope } from '@/lib/core/scope'

// The backend reads what it sent itself; of people, those who hold the permission.
export const maySee = ({ identity }: Scope): boolean =>
  identity.plane === 'service' || identity.permissions.has('trace:reveal')
