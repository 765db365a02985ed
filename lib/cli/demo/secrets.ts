import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivate } from '../private-file'

const MAKERS = {
  service_key: () => `clk_demo_${randomBytes(24).toString('hex')}`,
  session_secret: () => randomBytes(32).toString('hex'),
  secrets_key: () => randomBytes(32).toString('hex'),
  client_secret: () => randomBytes(32).toString('hex'),
  agent_jwt_secret: () => randomBytes(32).toString('hex'),
  tenant_jwt_secret: () => randomBytes(32).toString('hex'),
  internal_token: () => randomBytes(32).toString('hex'),
}

export type Secrets = Record<keyof typeof MAKERS, string>

const stored = (file: string): Partial<Secrets> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {}

// Made once and kept, so that a restart keeps people signed in and scripts working.
export const keepSecrets = (home: string): Secrets => {
  const file = join(home, 'secrets.json')
  const known = stored(file)
  const secrets = Object.fromEntries(
    Object.entries(MAKERS).map(([name, make]) => [name, known[name as keyof Secrets] ?? make()]),
  ) as Secrets
  writePrivate(file, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}
