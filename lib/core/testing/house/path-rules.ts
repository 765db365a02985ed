const ROOT_ENTRIES = new Set([
  'app',
  'components',
  'lib',
  'prisma',
  'workspace-template',
  'public',
  'e2e',
  'docs',
  'examples',
  '.ci',
  'package.json',
  'package-lock.json',
  'next.config.ts',
  'tsconfig.json',
  'README.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'Makefile',
  'Dockerfile',
  'compose.yaml',
  'server.ts',
  'instrumentation.ts',
  'proxy.ts',
  'prisma.config.ts',
  'biome.json',
  'knip.json',
  'vitest.config.ts',
  'playwright.config.ts',
  'postcss.config.mjs',
  '.dependency-cruiser.cjs',
  '.gitignore',
  '.dockerignore',
  '.env.example',
  '.npmrc',
  '.nvmrc',
])

const NAMELESS = /(?:^|\/)(?:utils?|helpers?|types|misc|common|services)(?:[.]tsx?$|\/)|(?:^|\/)index[.]tsx$/

const KEBAB_FILE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:[.][a-z0-9]+)*[.](?:ts|tsx|mjs|cjs|css|svg|sql|prisma)$/
const FOLDER =
  /^(?:[.]?[a-z0-9]+(?:-[a-z0-9]+)*(?:[.][a-z0-9]+)*|\d+_[a-z0-9_]+|\([a-z-]+\)|\[(?:[.]{3})?[a-zA-Z_]+\]|[A-Z]+)$/

const DOOR = /^lib\/[^/]+\/index[.]ts$|^prisma\/seed\/index[.]ts$|^examples\//

const isNamed = (path: string) => /[.](?:ts|tsx|mjs|css)$/.test(path) && !path.startsWith('.')

export const faultsOfPath = (path: string): string[] => {
  const parts = path.split('/')
  const name = parts.at(-1) ?? ''
  const faults: string[] = []
  if (!ROOT_ENTRIES.has(parts[0] ?? '')) faults.push(`${path}: the root holds only what the house plan lists.`)
  if (NAMELESS.test(path)) faults.push(`${path}: a file is named after what it holds.`)
  if (isNamed(name) && !KEBAB_FILE.test(name)) faults.push(`${path}: file names are kebab-case.`)
  if (isNamed(name) && parts.slice(0, -1).some((part) => !FOLDER.test(part)))
    faults.push(`${path}: folder names are kebab-case.`)
  if (name === 'index.ts' && !DOOR.test(path)) faults.push(`${path}: index.ts is the door of a room and nothing else.`)
  return faults
}

// A room's name is its folder's; app/(console) groups and folders of one kind stay out of it.
export const roomsOf = (paths: readonly string[]): string[] =>
  [...new Set(paths.filter((path) => /^lib\/[^/]+\//.test(path)).map((path) => path.split('/')[1] ?? ''))].sort()
