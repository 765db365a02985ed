import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { GLOBAL_MODELS } from './tenant-lock'
import { faultsOfModel, modelsIn } from './testing/house/model-rules'
import { faultsOfPath, roomsOf } from './testing/house/path-rules'
import { endpointsOf, faultsOfRoute, isContract } from './testing/house/route-rules'
import { CODE_RULES, faultsIn, TEXT_RULES } from './testing/house/text-rules'
import { housePaths, isCode, readSource, root } from './testing/house/tree'

const FLOORS = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')).FLOORS as string[][]

const paths = housePaths()
const sources = paths.filter((path) => isCode(path)).map(readSource)
const routes = paths.filter((path) => /^app\/.*route[.]ts$/.test(path))

const load = (path: string): Promise<Record<string, unknown>> => import(pathToFileURL(join(root, path)).href)

describe('the house', () => {
  it('has a file for every name and a name for every file', () => {
    expect(paths.flatMap(faultsOfPath)).toEqual([])
  })

  it('keeps its rules in every line of code', () => {
    expect(sources.length).toBeGreaterThan(20)
    expect(sources.flatMap((file) => faultsIn(file, CODE_RULES))).toEqual([])
  })

  it('names no package registry', () => {
    const texts = paths
      .filter((path) => /[.](?:md|json|ya?ml|ts|tsx|npmrc)$|Dockerfile$|Makefile$/.test(path))
      .map(readSource)
    expect(texts.flatMap((file) => faultsIn(file, TEXT_RULES))).toEqual([])
  })

  it('gives every room one floor', () => {
    const floored = FLOORS.flat()
    expect(new Set(floored).size).toBe(floored.length)
    expect(roomsOf(paths).filter((room) => !floored.includes(room))).toEqual([])
  })

  it('gives every model a tenant', () => {
    const folder = join(root, 'prisma/models')
    const models = readdirSync(folder).flatMap((file) => modelsIn(readFileSync(join(folder, file), 'utf8')))
    expect(models.length).toBeGreaterThan(5)
    expect(models.flatMap((model) => faultsOfModel(model, models, GLOBAL_MODELS))).toEqual([])
    expect(Object.keys(GLOBAL_MODELS).filter((name) => !models.some((model) => model.name === name))).toEqual([])
  })
})

describe('routes and contracts', () => {
  it('stand where their contracts say', { timeout: 60_000 }, async () => {
    const faults: string[] = []
    const seen = new Map<string, string>()
    for (const file of routes) {
      const exported = await load(file)
      faults.push(...faultsOfRoute(file, exported))
      for (const endpoint of endpointsOf(exported)) {
        const other = seen.get(endpoint)
        if (other) faults.push(`${file}: ${endpoint} is also served by ${other}.`)
        seen.set(endpoint, file)
      }
    }
    expect(faults).toEqual([])
    expect(routes.length).toBeGreaterThan(0)
  })

  it('are complete: no contract is without its route', { timeout: 60_000 }, async () => {
    const served = new Set((await Promise.all(routes.map(load))).flatMap(endpointsOf))
    const contractFiles = paths.filter((path) => /^lib\/[^/]+\/contract(?:[.]ts$|\/[^/]+(?<![.]test)[.]ts$)/.test(path))
    const declared = (await Promise.all(contractFiles.map(load)))
      .flatMap((exported) => Object.values(exported))
      .filter(isContract)
      .map(({ method, path }) => `${method} ${path}`)
    expect(declared.filter((endpoint) => !served.has(endpoint))).toEqual([])
  })
})
