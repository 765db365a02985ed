import { systemDb } from '@/lib/core/system-db'
import { busyDay } from './scenarios/busy-day'
import { quietTenant } from './scenarios/quiet-tenant'
import { type Teller, tell } from './story'

type Scenario = {
  means: string
  tenant: string
  hoursAgo: number
  seed: number
  story: (teller: Teller) => Promise<void>
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'busy-day': {
    means: 'A day of sign-ins, refusals and API keys in tenant acme',
    tenant: 'acme',
    hoursAgo: 26,
    seed: 7,
    story: busyDay,
  },
  'quiet-tenant': {
    means: 'Tenant globex, where little happens',
    tenant: 'globex',
    hoursAgo: 20,
    seed: 3,
    story: quietTenant,
  },
}

const BUNDLES: Readonly<Record<string, readonly string[]>> = { demo: ['busy-day', 'quiet-tenant'] }

export type Seeded = { scenario: string; told: boolean; link: string }

export const scenarioNames = (): string[] => [...Object.keys(BUNDLES), ...Object.keys(SCENARIOS)]

const tellOnce = async (name: string): Promise<Seeded> => {
  const scenario = SCENARIOS[name]
  if (!scenario) throw new Error(`There is no scenario ${name}`)
  const link = `/ops/audit?tenant_id=${scenario.tenant}`
  const known = await systemDb().tenant.findUnique({ where: { id: scenario.tenant } })
  if (known) return { scenario: name, told: false, link }
  await tell(scenario.seed, scenario.hoursAgo, scenario.story)
  return { scenario: name, told: true, link }
}

// Telling a story twice changes nothing: its tenant is there already.
export const seed = async (name: string): Promise<Seeded[]> => {
  const results: Seeded[] = []
  for (const scenario of BUNDLES[name] ?? [name]) results.push(await tellOnce(scenario))
  return results
}
