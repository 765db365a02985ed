import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { completed, type Lockfile, missingPlatforms } from './lockfile'

const lock: Lockfile = {
  name: 'x',
  packages: {
    '': {},
    'node_modules/a': {
      version: '1.0.0',
      dev: true,
      optionalDependencies: {
        '@a/linux-x64-gnu': '1.0.0',
        '@a/darwin-arm64': '1.0.0',
        '@a/wasm32-wasi': '1.0.0',
        nested: '2.0.0',
      },
    },
    'node_modules/@a/linux-x64-gnu': { version: '1.0.0', optional: true },
    'node_modules/a/node_modules/nested': { version: '2.0.0' },
  },
}

it('finds platforms that the lock leaves out, beside and above', () => {
  expect(missingPlatforms(lock).map(({ name }) => name)).toEqual(['@a/darwin-arm64', '@a/wasm32-wasi'])
})

it('adds them as optional, for their platform alone', () => {
  const { packages } = completed(lock)
  expect(packages['node_modules/@a/darwin-arm64']).toEqual({
    version: '1.0.0',
    cpu: ['arm64'],
    os: ['darwin'],
    dev: true,
    optional: true,
  })
  expect(packages['node_modules/@a/wasm32-wasi']).toMatchObject({ cpu: ['wasm32'], optional: true })
  expect(missingPlatforms(completed(lock))).toEqual([])
})

it('refuses to guess a version', () => {
  const vague = { ...lock, packages: { 'node_modules/a': { optionalDependencies: { 'b-linux-x64': '^1.0.0' } } } }
  expect(() => completed(vague)).toThrow('exact')
})

it.each(['package-lock.json', 'e2e/clients/package-lock.json'])(
  '%s serves every platform (npm run lockfile) and names no registry',
  (file) => {
    const text = readFileSync(file, 'utf8')
    expect(missingPlatforms(JSON.parse(text) as Lockfile)).toEqual([])
    expect(text).not.toContain('"resolved"')
  },
)

it('what only tests run stays out of what the product installs', () => {
  const { dependencies } = JSON.parse(readFileSync('e2e/clients/package.json', 'utf8')) as { dependencies: object }
  for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+[.]\d+[.]\d+$/)
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/node_modules\/(?:ai|@traceloop|@langfuse)[/"]/)
})
