import { join } from 'node:path'
import { need } from '../tasks/need'
import { DEMO_PEOPLE } from './people'
import { keepSecrets } from './secrets'
import { launch, type Service } from './service-process'
import { type Place, surroundingsOf } from './surroundings'
import { waitFor } from './wait-for'

export type StackOptions = Omit<Place, 'publicUrl' | 'issuer' | 'backendUrl'> & {
  identityPort: number
  backendPort: number
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
  backendUrl: string
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
  backendUrl: `http://127.0.0.1:${options.backendPort}`,
})

const portsOf = ({ port, morePorts = [] }: StackOptions): readonly number[] => [port, ...morePorts]

const prepare = async (options: StackOptions, env: Record<string, string>) => {
  const { command, args } = options.program
  options.progress?.('migrating and seeding the database')
  await need(command, [...args, 'seed', 'demo'], { cwd: options.cwd, env })
}

// The programs beside the server: this very program in another role.
const launchBeside = (options: StackOptions, env: Record<string, string>, name: string, ...words: string[]) =>
  launch({
    name,
    command: options.program.command,
    args: [...options.program.args, ...words],
    cwd: options.cwd,
    env,
    logFile: join(options.home, `${words[0]}.log`),
  })

const launchProvider = (options: StackOptions, env: Record<string, string>) => {
  const port = String(options.identityPort)
  return launchBeside(options, env, 'The demo identity provider', 'identity-provider', '--port', port)
}

const launchBackend = (options: StackOptions, env: Record<string, string>) => {
  const port = String(options.backendPort)
  return launchBeside(options, env, 'The reference backend', 'backend', '--port', port, '--leashed')
}

const launchServer = (options: StackOptions, env: Record<string, string>, port: number) =>
  launch({
    name: 'The server',
    command: options.server.command,
    args: options.server.args,
    cwd: options.cwd,
    env: { ...env, CLASPER_PORT: String(port) },
    logFile: join(options.home, port === options.port ? 'server.log' : `server-${port}.log`),
  })

const startAll = async (options: StackOptions, place: Place, env: Record<string, string>, services: Service[]) => {
  const kept = (service: Service): Service => {
    services.push(service)
    return service
  }
  const provider = kept(launchProvider(options, env))
  const backend = kept(launchBackend(options, env))
  await prepare(options, env)
  await waitFor(provider, `${place.issuer}/.well-known/openid-configuration`, READY_MS)
  await waitFor(backend, `${place.backendUrl}/health`, READY_MS)
  options.progress?.('starting the server')
  for (const port of portsOf(options)) {
    await waitFor(kept(launchServer(options, env, port)), `http://${place.host}:${port}/readyz`, READY_MS)
  }
}

// Identity provider, reference backend, migrated and seeded database, one or more servers; all of it or nothing.
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const place = placeOf(options)
  const secrets = keepSecrets(options.home)
  const services: Service[] = []
  const stop = async () => void (await Promise.all([...services].reverse().map((service) => service.stop())))
  try {
    await startAll(options, place, surroundingsOf(place, secrets), services)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: place.publicUrl,
    instances: portsOf(options).map((port) => `http://${place.host}:${port}`),
    issuer: place.issuer,
    backendUrl: place.backendUrl,
    serviceKey: secrets.service_key,
    people: DEMO_PEOPLE,
    services,
    stop,
  }
}
