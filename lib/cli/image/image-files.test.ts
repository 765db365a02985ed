import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseEnv } from '@/lib/core/env'
import { ENV_FIELDS } from '@/lib/core/env-fields'
import { stagesOf } from './dockerfile'

const root = process.cwd()
const read = (name: string) => readFileSync(join(root, name), 'utf8')

const [build, final] = stagesOf(read('Dockerfile'))

const Service = z.object({
  image: z.string(),
  profiles: z.array(z.string()).min(1),
  env_file: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
})
const Compose = z.object({ services: z.record(z.string(), Service), volumes: z.record(z.string(), z.unknown()) })

const compose = Compose.parse(parse(read('compose.yaml'), { merge: true }))
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'clasper')

const lines = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
const example = lines(read('examples/deploy/env.example'))
const filled = Object.fromEntries(
  Object.entries(example).map(([name, value], at) => [name, value === '' ? `${at}`.padStart(64, 'a') : value]),
)

describe('the Dockerfile', () => {
  it('ends in a stage of a user without rights, that listens, is watched and serves', () => {
    expect(final).toMatchObject({ user: 'node', entrypoint: ['node', 'dist/cli.mjs'], command: ['serve'] })
    expect(final?.env).toMatchObject({ NODE_ENV: 'production', CLASPER_HOST: '0.0.0.0' })
    expect(final?.healthcheck?.join(' ')).toContain('/readyz')
  })

  it('stands on a Node that the product supports, from no address of its own', () => {
    const bases = [build, final].map((stage) => stage?.base ?? '')
    expect(new Set(bases).size).toBe(1)
    expect(bases[0]).toMatch(/^node:(20|22|24)-[a-z]+-slim$/)
  })

  it('installs what the lock file says, without scripts, and fetches nothing else', () => {
    const runs = [...(build?.runs ?? []), ...(final?.runs ?? [])]
    expect(runs.filter((run) => run.startsWith('npm ci'))).toEqual([expect.stringContaining('--ignore-scripts')])
    expect(runs.join('\n')).not.toMatch(/curl|wget|apt-get|npm install|npx|https?:/)
  })

  it('carries all that a published package carries, its dependencies, and nothing more', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] }
    const published = files.filter((name) => !name.startsWith('!'))
    const copied = final?.copies.flatMap(({ from }) => from.map((path) => path.replace('/app/', ''))) ?? []
    expect(copied.sort()).toEqual([...published, 'node_modules', 'package.json'].sort())
  })

  it('carries the description of the API, which the server reads when it is asked for it', () => {
    const copied = final?.copies.flatMap(({ from }) => from.map((path) => path.replace('/app/', ''))) ?? []
    expect(copied).toContain('docs/api/openapi.json')
    expect(read('.dockerignore').split('\n')).toContain('!docs/api/openapi.json')
  })

  it('is given every file that the build reads', () => {
    const rules = read('.dockerignore').split('\n')
    const sources = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([])
    const roots = readdirSync(root).filter((name) => /[.](?:ts|mjs|json)$/.test(name))
    const inTests = ['biome.json', 'knip.json', 'playwright.config.ts', 'vitest.config.ts', 'next-env.d.ts']
    const built = roots.filter((name) => !inTests.includes(name))
    expect(built.filter((name) => !sources.includes(name))).toEqual([])
  })

  it('is given no secret, no database and no generated file', () => {
    const rules = read('.dockerignore').split('\n')
    expect(rules).toEqual(expect.arrayContaining(['*', '**/.env*', '**/*.db*', '**/*.pem', 'lib/core/generated']))
  })
})

describe('compose.yaml', () => {
  it('offers one process, and two instances with a worker and PostgreSQL', () => {
    const named = (profile: string) =>
      Object.keys(compose.services).filter((name) => compose.services[name]?.profiles.includes(profile))
    expect(named('single')).toEqual(['clasper'])
    expect(named('cluster').sort()).toEqual(['postgres', 'proxy', 'web-1', 'web-2', 'worker'])
  })

  it('names settings that exist, and they are accepted together with a filled .env', () => {
    for (const [name, { environment = {} }] of ours) {
      expect(Object.keys(environment).filter((key) => !Object.hasOwn(ENV_FIELDS, key))).toEqual([])
      const settings = { ...final?.env, ...filled, ...environment, NODE_ENV: 'production' }
      const env = parseEnv(settings)
      expect([name, env.CLASPER_HOST]).toEqual([name, '0.0.0.0'])
    }
  })

  it('gives the cluster one database and every part to somebody', () => {
    const cluster = ours
      .filter(([, { profiles }]) => profiles.includes('cluster'))
      .map(([, { environment }]) => environment)
    expect(new Set(cluster.map((env) => env?.['DATABASE_URL'])).size).toBe(1)
    expect(cluster.map((env) => env?.['CLASPER_ROLES']).sort()).toEqual(['web', 'web', 'worker'])
  })

  // What comes through a published port comes from the gateway: a proxy on the host that ends TLS is behind it.
  it('believes its own proxy and the one on the host, and nobody else, who calls', () => {
    const proxy = read('compose.yaml').match(/ipv4_address: ([\d.]+)/)?.[1]
    const gateway = read('compose.yaml').match(/gateway: ([\d.]+)/)?.[1]
    const believed = ours.map(([name, { environment }]) => [name, environment?.['CLASPER_TRUSTED_PROXIES']])
    const both = `${proxy},${gateway}`
    expect(gateway).toBeDefined()
    expect(Object.fromEntries(believed)).toEqual({ clasper: gateway, 'web-1': both, 'web-2': both, worker: both })
  })

  it('takes rights away, shows nothing but loopback, and waits longer at a stop than the server does', () => {
    for (const [, service] of ours) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      expect(Number.parseInt(service.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(
        parseEnv({ ...filled, NODE_ENV: 'production' }).CLASPER_SHUTDOWN_MS,
      )
    }
    const ports = Object.values(compose.services).flatMap(({ ports: shown = [] }) => shown)
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  it('mounts what it declares, and files that exist', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((mount) => mount.split(':')[0]),
    )
    const named = mounts.filter((mount) => !mount?.startsWith('.'))
    expect(named.sort()).toEqual(Object.keys(compose.volumes).sort())
    expect(existsSync(join(root, 'examples/deploy/nginx.conf'))).toBe(true)
  })

  it('sends requests to the instances that there are, without holding back streams', () => {
    const nginx = read('examples/deploy/nginx.conf')
    const targets = [...nginx.matchAll(/server (web-\d):8081/g)].map(([, name]) => name)
    expect(targets).toEqual(Object.keys(compose.services).filter((name) => name.startsWith('web-')))
    // An instance that is started anew may come back under another address.
    expect(nginx).toMatch(/resolver 127\.0\.0\.11 /)
    expect(nginx).toMatch(/zone clasper /)
    expect([...nginx.matchAll(/server web-\d:8081 resolve /g)]).toHaveLength(targets.length)
    expect(nginx).toMatch(/proxy_buffering off;/)
    expect(nginx).toMatch(/Upgrade \$http_upgrade/)
  })
})
