import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import type { Identity } from '@/lib/core/scope'
import { isPermission, mayBeOpened, PERMISSIONS, type Permission } from '@/lib/shared/rbac'
import { findOpenWindow } from './store'

const Opened = z.object({ permissions: z.array(z.string()) })

const OPENABLE = Object.keys(PERMISSIONS).filter(isPermission).filter(mayBeOpened)

// Whoever holds nothing less by role has nothing to open, and whoever lost override:use has lost the window with it.
const mayHaveWindow = (identity: Identity): identity is Identity & { userId: string } =>
  identity.plane === 'ops' &&
  identity.userId !== null &&
  identity.permissions.has('override:use') &&
  OPENABLE.some((permission) => !identity.permissions.has(permission))

const permissionsIn = (data: unknown, { permissions }: Identity): Permission[] =>
  (Opened.safeParse(data).data?.permissions ?? [])
    .filter(isPermission)
    .filter((permission) => mayBeOpened(permission) && !permissions.has(permission))

/** The same person with what an open break-glass window adds, in their own tenant and until its minute. */
export const withWindow = async (identity: Identity): Promise<Identity> => {
  if (!mayHaveWindow(identity)) return identity
  const window = await findOpenWindow(identity.tenantId, identity.userId, kernel().clock.now())
  if (window === null || window.expiresAt === null) return identity
  const opened = permissionsIn(window.data, identity)
  return {
    ...identity,
    permissions: new Set([...identity.permissions, ...opened]),
    breakGlassId: window.id,
    breakGlassUntil: window.expiresAt,
    opened: new Set(opened),
  }
}
