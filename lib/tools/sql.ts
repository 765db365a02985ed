import { readStatement } from '../core/statement'

export const findSettings = readStatement(`SELECT "allowedTools", "deniedTools", "updatedAt"
  FROM "TenantSettings" WHERE "tenantId" = :tenant`)
