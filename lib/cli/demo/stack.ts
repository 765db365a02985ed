import { join } from 'node:path'
import { need } from '../tasks/need'
import { DEMO_PEOPLE } from './people'
import { keepSecrets } from './secrets'
import { launch, type Service } from './service-process'
import { type Place, surroundingsOf } from './surroundings'
import { waitFor } from './wait-for'

export type StackOptions = Omit<Place, 'publicUrl' | 'issuer'> & {
  identityPort: number
  publicUrl?: string
  // How this very program is started, and how its server is: from dist, or from source while developing.
  program: { command: string; args: readonly string[] }
  server: { command: string; args: readonly string[] }
  cwd: string
  morePorts?: readonly number[]
  progress?: (line: string) => void
}

export type Stack = {
  url: string
  instances: readonly string[]
  issuer: string
  serviceKey: string
  people: typeof DEMO_PEOPLE
  services: readonly Service[]
  stop: () => Promise<void>
}

const READY_MS = 60_000

const placeOf = (options: StackOptions): Place => ({
  ...options,
  publicUrl: options.publicUrl ?? `http://localhost:${options.port}`,
  issuer: `http://127.0.0.1:${options.identityPort}`,
})

const prepare = async (options: StackOptions, env: Record<string, string>) => {
  const { command, args } = options.program
  options.progress?.('migrating and seeding the database')
  await need(command, [...args, 'seed', 'demo'], { cwd: options.cwd, env })
}

const launchIdentityProvider = (options: StackOptions, env: Record<string, string>) =>
  launch({
    name: 'The demo identity provider',
    command: options.program.command,
    args: [...options.program.args, 'identity-provider', '--port', String(options.identityPort)],
    cwd: options.cwd,
    env,
    logFile: join(options.home, 'identity-provider.log'),
  })

const launchServer = (options: StackOptions, env: Record<string, string>, port: number) =>
  launch({
    name: 'The server',
    command: options.server.command,
    args: options.server.args,
    cwd: options.cwd,
    env: { ...env, CLASPER_PORT: String(port) },
    logFile: join(options.home, port === options.port ? 'server.log' : `server-${port}.log`),
  })

// Identity provider, migrated and seeded database, one or more servers; all of it or nothing.
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const place = placeOf(options)
  const secrets = keepSecrets(options.home)
  const env = surroundingsOf(place, secrets)
  const services: Service[] = []
  const stop = async () => void (await Promise.all([...services].reverse().map((service) => service.stop())))
  const ports = [options.port, ...(options.morePorts ?? [])]
  const instances = ports.map((port) => `http://${place.host}:${port}`)
  try {
    const provider = launchIdentityProvider(options, env)
    services.push(provider)
    await prepare(options, env)
    await waitFor(provider, `${place.issuer}/.well-known/openid-configuration`, READY_MS)
    options.progress?.('starting the server')
    for (const port of ports) {
      const server = launchServer(options, env, port)
      services.push(server)
      await waitFor(server, `http://${place.host}:${port}/readyz`, READY_MS)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: place.publicUrl,
    instances,
    issuer: place.issuer,
    serviceKey: secrets.service_key,
    people: DEMO_PEOPLE,
    services,
    stop,
  }
}
