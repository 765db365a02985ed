import { kernel } from '@/lib/core/kernel'
import type { ClaimRules } from './claims'

export const publicUrl = (): string => {
  const { NEXTAUTH_URL, CLASPER_PORT } = kernel().env
  return (NEXTAUTH_URL === '' ? `http://localhost:${CLASPER_PORT}` : NEXTAUTH_URL).replace(/\/+$/, '')
}

export const isSignInConfigured = (): boolean => kernel().env.OPS_OIDC_ISSUER !== ''

export const claimRules = (): ClaimRules => {
  const { env } = kernel()
  return {
    roles: env.OPS_RBAC_CLAIM,
    tenant: env.OPS_TENANT_CLAIM,
    workspace: env.OPS_WORKSPACE_CLAIM,
    allowedTenants: env.OPS_ALLOWED_TENANTS_CLAIM,
    defaultRole: env.OPS_DEFAULT_ROLE === '' ? null : env.OPS_DEFAULT_ROLE,
  }
}

export const SESSION_MS = 8 * 3_600_000
export const IDLE_MS = 3_600_000
export const RECHECK_MS = 5 * 60_000
export const TOUCH_MS = 60_000
