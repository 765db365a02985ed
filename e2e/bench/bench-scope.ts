import { parseEnv } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'
import { createScope, type Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { permissionsOf, SERVICE_SCOPES } from '@/lib/shared/rbac'

export const newBenchScope = {
  env: (url: string) => parseEnv({ NODE_ENV: 'test', DATABASE_URL: url, CLASPER_LOG_LEVEL: 'silent' }),
  scope: (tenantId: string): Scope =>
    createScope({
      identity: {
        plane: 'service',
        actor: 'service:bench',
        userId: null,
        tenantId,
        allowedTenants: [tenantId],
        workspaceIds: null,
        role: 'admin',
        roles: ['admin'],
        permissions: new Set(permissionsOf('admin')),
        scopes: new Set(SERVICE_SCOPES),
        credentialId: 'bench',
      },
      tenantId,
      requestId: uuidv7(kernel().clock.now().getTime()),
      traceId: uuidv7(kernel().clock.now().getTime()),
      signal: new AbortController().signal,
      log: kernel().log,
    }),
}
