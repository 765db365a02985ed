import { join } from 'node:path'
import { writePrivate } from '../private-file'
import type { Stack } from './stack'

type DemoFile = {
  url: string
  service_key: string
  issuer: string
  backend_url: string
  people: { id: string; name: string; email: string; password: string; roles: string[]; tenant_id: string }[]
}

export const demoFileIn = (home: string) => join(home, 'demo.json')

export const writeDemoFile = (home: string, stack: Stack): string => {
  const file = demoFileIn(home)
  const demo: DemoFile = {
    url: stack.url,
    service_key: stack.serviceKey,
    issuer: stack.issuer,
    backend_url: stack.backendUrl,
    people: stack.people.map(({ id, name, email, password, roles, tenantId }) => ({
      id,
      name,
      email,
      password,
      roles: [...roles],
      tenant_id: tenantId,
    })),
  }
  writePrivate(file, `${JSON.stringify(demo, null, 2)}\n`)
  return file
}
