import { afterAll, beforeAll } from 'vitest'
import * as whoami from '@/app/(api)/api/whoami/route'
import * as serviceKey from '@/app/(api)/keys/[id]/route'
import * as serviceKeys from '@/app/(api)/keys/route'
import * as nextAuth from '@/app/api/auth/[...nextauth]/route'
import * as explain from '@/app/ops/api/authz/explain/route'
import * as opsRotate from '@/app/ops/api/keys/[id]/rotate/route'
import * as opsKey from '@/app/ops/api/keys/[id]/route'
import * as opsKeys from '@/app/ops/api/keys/route'
import * as me from '@/app/ops/api/me/route'
import * as tenant from '@/app/ops/api/session/tenant/route'
import * as backchannel from '@/app/ops/backchannel-logout/route'
import * as logout from '@/app/ops/logout/route'
import * as start from '@/app/ops/sign-in/start/route'
import { type IdentityProvider, startIdentityProvider } from '@/lib/cli/demo/identity-provider'
import { type FixedClock, fixedClock, systemClock } from '../clock'
import { installKernel, type Kernel } from '../kernel'
import type { Dialect } from '../migrate/schema-source'
import { type ConsoleServer, startConsole } from './console-server'
import { freshDatabase, type TestDatabase } from './database'
import { testKernel } from './kernel'

const ROUTES = {
  '/api/auth/[...nextauth]': nextAuth,
  '/ops/sign-in/start': start,
  '/ops/logout': logout,
  '/ops/backchannel-logout': backchannel,
  '/ops/api/me': me,
  '/ops/api/authz/explain': explain,
  '/ops/api/session/tenant': tenant,
  '/ops/api/keys': opsKeys,
  '/ops/api/keys/[id]': opsKey,
  '/ops/api/keys/[id]/rotate': opsRotate,
  '/keys': serviceKeys,
  '/keys/[id]': serviceKey,
  '/api/whoami': whoami,
}

export const DAEMON_KEY = 'daemon-key-of-the-tests'

export type IdentityHouse = {
  console: ConsoleServer
  idp: IdentityProvider
  clock: FixedClock
  database: TestDatabase
  env: Record<string, string>
  boot(env?: Record<string, string>): Kernel
}

type Options = { accessTokenSeconds?: number; env?: Record<string, string> }

const environment = (console: ConsoleServer, idp: IdentityProvider): Record<string, string> => ({
  NEXTAUTH_URL: console.url,
  AGENT_DAEMON_API_KEY: DAEMON_KEY,
  OPS_OIDC_ISSUER: idp.issuer,
  OPS_OIDC_AUDIENCE: idp.audience,
  OPS_OIDC_CLIENT_ID: idp.clientId,
  OPS_OIDC_CLIENT_SECRET: idp.clientSecret,
})

// A console, a certified identity provider and a database for one suite. The clock stands still until it is moved.
export const useIdentityHouse = (dialect: Dialect, options: Options = {}): IdentityHouse => {
  const house = {} as IdentityHouse
  const kernels: Kernel[] = []
  beforeAll(async () => {
    house.database = await freshDatabase(dialect)
    house.console = await startConsole(ROUTES)
    house.idp = await startIdentityProvider({ consoleUrl: house.console.url, ...options })
    house.env = { ...environment(house.console, house.idp), ...options.env }
    house.clock = fixedClock(systemClock.now())
    house.boot = (env = {}) => {
      const made = installKernel(testKernel(house.database.url, { clock: house.clock, env: { ...house.env, ...env } }))
      kernels.push(made)
      return made
    }
    house.boot()
  })
  afterAll(async () => {
    await house.idp.stop()
    await house.console.close()
    for (const kernel of kernels) await kernel.stop()
    await house.database.close()
  })
  return house
}
