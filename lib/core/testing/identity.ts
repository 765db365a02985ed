import { afterAll, beforeAll } from 'vitest'
import { type IdentityProvider, startIdentityProvider } from '@/lib/cli/demo/identity-provider'
import { type FixedClock, fixedClock, systemClock } from '../clock'
import { installKernel, type Kernel } from '../kernel'
import type { Dialect } from '../migrate/schema-source'
import { noteAudits } from './audit-seen'
import { type ConsoleServer, startConsole } from './console-server'
import { freshDatabase, type TestDatabase } from './database'
import { IDENTITY_ROUTES } from './identity-routes'
import { testKernel } from './kernel'

export const DAEMON_KEY = 'daemon-key-of-the-tests'

export type IdentityHouse = {
  console: ConsoleServer
  idp: IdentityProvider
  clock: FixedClock
  database: TestDatabase
  env: Record<string, string>
  boot(env?: Record<string, string>): Kernel
}

type Options = { accessTokenSeconds?: number; env?: Record<string, string>; onLog?: (line: string) => void }

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
  const logged = options.onLog ? { onLog: options.onLog } : {}
  beforeAll(async () => {
    house.database = await freshDatabase(dialect)
    house.console = await startConsole(IDENTITY_ROUTES)
    house.idp = await startIdentityProvider({ consoleUrl: house.console.url, ...options })
    house.env = { ...environment(house.console, house.idp), ...options.env }
    house.clock = fixedClock(systemClock.now())
    house.boot = (env = {}) => {
      const made = installKernel(
        testKernel(house.database.url, { ...logged, clock: house.clock, env: { ...house.env, ...env } }),
      )
      kernels.push(made)
      return made
    }
    house.boot()
  })
  afterAll(async () => {
    await noteAudits()
    await house.idp.stop()
    await house.console.close()
    for (const kernel of kernels) await kernel.stop()
    await house.database.close()
  })
  return house
}
