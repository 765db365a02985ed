import type { z } from 'zod'
import type { Identity } from '@/lib/core/scope'
import { PERMISSIONS, type Permission, rolesWith } from '@/lib/shared/rbac'
import type { Explanation } from './contract'
import { mayActIn } from './tenant-choice'

type Question = { permission: Permission; tenant_id?: string | undefined; workspace_id?: string | undefined }
type Step = { check: string; passed: boolean; detail: string }

const roleStep = (who: Identity, permission: Permission): Step => {
  const passed = who.permissions.has(permission)
  const from = PERMISSIONS[permission].from
  const detail = who.opened?.has(permission)
    ? `An open break-glass window holds ${permission}, the role ${who.role} does not.`
    : passed
      ? `The role ${who.role} holds ${permission}.`
      : `${permission} begins at the role ${from}; this identity has ${who.role ?? 'no role'}.`
  return { check: 'role', passed, detail }
}

const tenantStep = (who: Identity, tenant: string): Step => {
  if (tenant === who.tenantId) return { check: 'tenant', passed: true, detail: `${tenant} is the home tenant.` }
  if (mayActIn(who, tenant)) return { check: 'tenant', passed: true, detail: `${tenant} is among the allowed tenants.` }
  const why =
    who.role === 'admin' ? 'is not among the allowed tenants.' : 'is foreign, and only admins act in other tenants.'
  return { check: 'tenant', passed: false, detail: `${tenant} ${why}` }
}

const workspaceStep = (who: Identity, workspace: string | undefined): Step[] => {
  if (workspace === undefined) return []
  const passed = who.workspaceIds === null || who.workspaceIds.includes(workspace)
  const detail = passed
    ? `${workspace} is within reach.`
    : `This identity is restricted to ${who.workspaceIds?.join(', ')}.`
  return [{ check: 'workspace', passed, detail }]
}

// The same three checks as at every door, told instead of enforced.
export const explain = (who: Identity, question: Question): z.input<typeof Explanation> => {
  const tenant = question.tenant_id ?? who.activeTenantId ?? who.tenantId
  const steps = [
    roleStep(who, question.permission),
    tenantStep(who, tenant),
    ...workspaceStep(who, question.workspace_id),
  ]
  const refused = steps.find((step) => !step.passed)
  return {
    allowed: refused === undefined,
    permission: question.permission,
    reason: refused?.detail ?? 'Every check passes.',
    role: who.role,
    required_roles: rolesWith(question.permission),
    tenant_id: tenant,
    steps,
  }
}
