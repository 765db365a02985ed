import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from './tree'

// One small house in which every wall is broken once.
const HOUSE: Record<string, string> = {
  'lib/shared/money.ts': "import '../core/clock'\nimport 'node:fs'\nexport const a = 1\n",
  'lib/core/clock.ts': 'export const b = 1\n',
  'lib/core/up.ts': "import '../auth'\n",
  'lib/core/generated/client.ts': 'export const client = 1\n',
  'lib/core/system-db.ts': 'export const systemDb = 1\n',
  'lib/core/testing/kit.ts': 'export const kit = 1\n',
  'lib/core/one.ts': "import './two'\n",
  'lib/core/two.ts': "import './one'\n",
  'lib/auth/index.ts': 'export const door = 1\n',
  'lib/auth/contract.ts': "import './store'\nexport const c = 1\n",
  'lib/auth/store.ts': "import '../core/system-db'\nexport const s = 1\n",
  'lib/auth/guard.ts': "import '../core/system-db'\nimport '../core/generated/client'\nimport '../core/testing/kit'\n",
  'lib/governance/index.ts': "import '../auth/store'\nimport '../attic/loose'\nimport '../../components/ui/button'\n",
  'lib/tools/index.ts': "import '@mariozechner/pi-ai'\nimport '@modelcontextprotocol/sdk/types.js'\n",
  'lib/attic/loose.ts': "import '../core/clock'\n",
  'lib/jobs/index.ts': "import './not-there'\n",
  'app/page.tsx': "import '../lib/auth/store'\nimport '../lib/auth'\n",
  'components/ui/button.tsx': "import '../../lib/auth'\n",
}

const EXPECTED = [
  'components-see-contracts-only components/ui/button.tsx -> lib/auth/index.ts',
  'contracts-stay-pure lib/auth/contract.ts -> lib/auth/store.ts',
  'floor-0-looks-up lib/shared/money.ts -> lib/core/clock.ts',
  'floor-1-looks-up lib/core/up.ts -> lib/auth/index.ts',
  'generated-client-in-core-only lib/auth/guard.ts -> lib/core/generated/client.ts',
  'import-of-a-room-without-a-floor lib/governance/index.ts -> lib/attic/loose.ts',
  'lib-below-the-roof lib/governance/index.ts -> components/ui/button.tsx',
  'mcp-library-in-two-rooms-only lib/tools/index.ts -> ../../node_modules/@modelcontextprotocol/sdk/dist/esm/types.d.ts',
  'model-library-in-providers-only lib/tools/index.ts -> ../../node_modules/@mariozechner/pi-ai/dist/index.d.ts',
  'no-circles lib/core/one.ts -> lib/core/two.ts',
  'no-unresolved-import lib/jobs/index.ts -> ./not-there',
  'past-the-door-from-a-room lib/governance/index.ts -> lib/auth/store.ts',
  'past-the-door-from-app app/page.tsx -> lib/auth/store.ts',
  'product-never-imports-tests lib/auth/guard.ts -> lib/core/testing/kit.ts',
  'room-without-a-floor lib/attic/loose.ts -> lib/core/clock.ts',
  'shared-stays-pure lib/shared/money.ts -> fs',
  'system-db-is-rare lib/auth/guard.ts -> lib/core/system-db.ts',
]

const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'))
let folder = ''
let found: string[] = []

const plant = () => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache/house-'))
  for (const [path, text] of Object.entries(HOUSE)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

beforeAll(async () => {
  plant()
  const { tsConfig: _own, ...options } = config.options
  const settings: ICruiseOptions = {
    ...options,
    baseDir: folder,
    ruleSet: { forbidden: config.forbidden },
    validate: true,
  }
  const { output } = await cruise(['lib', 'app', 'components'], settings, options.enhancedResolveOptions)
  const { violations } = (output as ICruiseResult).summary
  found = violations.map(({ rule, from, to }) => `${rule.name} ${from} -> ${to}`)
}, 30_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it.each(EXPECTED)('the walls report: %s', (expected) => {
  expect(found).toContain(expected)
})

it('every rule with a name is planted, and what is allowed is left alone', () => {
  const planted = new Set(EXPECTED.map((line) => line.split(' ')[0]))
  const named: string[] = config.forbidden.map((rule: { name: string }) => rule.name)
  expect(named.filter((name) => !/^floor-[2-9]/.test(name) && !planted.has(name))).toEqual([])
  expect(found.filter((line) => line.includes('lib/auth/store.ts -> lib/core/system-db.ts'))).toEqual([])
  expect(found.filter((line) => line.includes('app/page.tsx -> lib/auth/index.ts'))).toEqual([])
})
