// The floors of the house, ground floor first. Imports go down only; every ban below is made from this one list.
const FLOORS = [
  ['shared'],
  ['core'],
  ['auth', 'http'],
  ['governance', 'providers', 'webhooks', 'mcp'],
  ['tracing', 'otlp', 'retention', 'adapters', 'workspace', 'skills', 'tools', 'control-plane'],
  ['runtime', 'signals'],
  ['incidents', 'evals', 'insights'],
  ['promotion', 'mcp-server'],
  ['jobs', 'cli'],
]

// Rooms without a door: their files are imported by name.
const DOORLESS = ['shared', 'core', 'http', 'cli']

const room = (names) => `^lib/(?:${names.join('|')})/`
const all = FLOORS.flat()
const behindDoors = all.filter((name) => !DOORLESS.includes(name))
const aTest = '[.]test[.]tsx?$|^lib/core/(?:house/|testing/)'

const upwardBans = FLOORS.slice(0, -1).map((floor, level) => ({
  name: `floor-${level}-looks-up`,
  comment: `${floor.join(', ')} may not import from a floor above.`,
  severity: 'error',
  from: { path: room(floor), pathNot: aTest },
  to: { path: room(FLOORS.slice(level + 1).flat()) },
}))

const walls = [
  {
    name: 'room-without-a-floor',
    comment: 'A new room is given its floor in FLOORS first.',
    severity: 'error',
    from: { path: '^lib/', pathNot: `${room(all)}|${aTest}` },
    to: {},
  },
  {
    name: 'import-of-a-room-without-a-floor',
    comment: 'A new room is given its floor in FLOORS first.',
    severity: 'error',
    from: {},
    to: { path: '^lib/', pathNot: room(all) },
  },
  {
    name: 'past-the-door-from-a-room',
    comment: 'Another room is entered by its index.ts or its contract.',
    severity: 'error',
    from: { path: '^lib/([^/]+)/', pathNot: aTest },
    to: { path: room(behindDoors), pathNot: '^lib/$1/|^lib/[^/]+/(?:index|contract)[.]ts$|^lib/[^/]+/contract/' },
  },
  {
    name: 'past-the-door-from-app',
    comment: 'Routes, pages and the seed enter a room by its index.ts or its contract.',
    severity: 'error',
    from: { path: '^(?:app|prisma/seed)/', pathNot: aTest },
    to: { path: room(behindDoors), pathNot: '^lib/[^/]+/(?:index|contract)[.]ts$|^lib/[^/]+/contract/' },
  },
  {
    name: 'components-see-contracts-only',
    comment: 'What runs in a browser sees contracts and lib/shared, never a server file.',
    severity: 'error',
    from: { path: '^components/', pathNot: aTest },
    to: { path: '^(?:lib|app|prisma)/', pathNot: '^lib/shared/|^lib/[^/]+/contract[.]ts$|^lib/[^/]+/contract/' },
  },
  {
    name: 'contracts-stay-pure',
    comment: 'A contract imports lib/shared, other contracts and zod.',
    severity: 'error',
    from: { path: '^lib/[^/]+/contract([.]ts$|/)', pathNot: aTest },
    to: {
      path: '.',
      pathNot: '^lib/shared/|^lib/[^/]+/contract[.]ts$|^lib/[^/]+/contract/|^node_modules/zod/',
    },
  },
  {
    name: 'shared-stays-pure',
    comment: 'lib/shared runs in browsers: no Node module in it.',
    severity: 'error',
    from: { path: '^lib/shared/', pathNot: aTest },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'lib-below-the-roof',
    comment: 'lib never imports app or components.',
    severity: 'error',
    from: { path: '^lib/', pathNot: aTest },
    to: { path: '^(?:app|components)/' },
  },
  {
    name: 'generated-client-in-core-only',
    comment: 'The generated Prisma client is an inner matter of lib/core.',
    severity: 'error',
    from: { pathNot: '^lib/core/' },
    to: { path: '^lib/core/generated/' },
  },
  {
    name: 'model-library-in-providers-only',
    comment: 'The model library, and the SDKs below it, are an inner matter of lib/providers.',
    severity: 'error',
    from: { pathNot: '^lib/providers/|^e2e/bench/' },
    to: {
      path: 'node_modules/@(?:mariozechner|earendil-works)/|node_modules/(?:openai|@anthropic-ai|@google/genai|@mistralai)/',
    },
  },
  {
    name: 'mcp-library-in-two-rooms-only',
    comment: 'The library of the Model Context Protocol is an inner matter of lib/mcp and lib/mcp-server.',
    severity: 'error',
    from: { pathNot: '^lib/mcp(?:-server)?/|^lib/core/testing/' },
    to: { path: 'node_modules/@modelcontextprotocol/' },
  },
  {
    name: 'system-db-is-rare',
    comment: 'The unlocked database is for core, the stores of auth and jobs, and the seed.',
    severity: 'error',
    from: {
      pathNot: `^lib/core/|^lib/(?:auth|jobs)/store[^/]*[.]ts$|^lib/(?:auth|jobs)/store/|^prisma/seed/|^e2e/api/|${aTest}`,
    },
    to: { path: '^lib/core/system-db[.]ts$' },
  },
  {
    name: 'product-never-imports-tests',
    comment: 'Test kits stay in tests.',
    severity: 'error',
    from: { pathNot: `${aTest}|^e2e/|^lib/cli/tasks/` },
    to: { path: '^lib/core/testing/|^e2e/|[.]test[.]tsx?$' },
  },
  {
    name: 'no-circles',
    comment: 'Two files that need each other are one file, or three.',
    severity: 'error',
    from: { pathNot: 'generated' },
    to: { circular: true, viaOnly: { pathNot: 'generated' } },
  },
  {
    name: 'no-unresolved-import',
    comment: 'The imported file or package does not exist.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
]

module.exports = {
  forbidden: [...upwardBans, ...walls],
  options: {
    doNotFollow: { path: 'node_modules|generated' },
    exclude: { path: '^(?:[.]next|dist|[.]cache|workspace)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['react-server', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
}

// Read by the docs and the house test; hidden from the strict schema of dependency-cruiser.
Object.defineProperty(module.exports, 'FLOORS', { value: FLOORS })
