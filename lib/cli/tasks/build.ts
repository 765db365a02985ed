import { chmodSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundle, type Plugin } from 'esbuild'
import { noteLinks } from '../next-links'
import { need } from './need'
import { fingerprintOf, isStamped, stamp, unstamp } from './stamp'
import { runSteps, type Step } from './step'

const root = process.cwd()
const stampFile = join(root, '.cache/build/next')

const SOURCES = {
  root,
  entries: [
    'app',
    'components',
    'lib',
    'prisma/models',
    'public',
    'instrumentation.ts',
    'next.config.ts',
    'package-lock.json',
    'postcss.config.mjs',
    'proxy.ts',
    'tsconfig.json',
  ],
  skip: /[.]test[.]tsx?$|^lib\/(?:cli|core\/testing|core\/generated)\//,
  salt: process.version,
}

const tsx = (task: string) =>
  need(process.execPath, ['--conditions=react-server', '--import', 'tsx', `lib/cli/tasks/${task}.ts`])

// Marker packages throw outside a bundler that knows the condition; in a command line they mean nothing.
const withoutMarkers: Plugin = {
  name: 'without-markers',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^server-only$/ }, () => ({ path: 'server-only', namespace: 'empty' }))
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }))
  },
}

// Commands that are loaded on demand stay files of their own, so that `clasper version` loads no database.
const program = async (name: string, from: string) => {
  rmSync(join(root, 'dist', name), { recursive: true, force: true })
  await bundle({
    entryPoints: { [name]: join(root, from) },
    outdir: join(root, 'dist'),
    outExtension: { '.js': '.mjs' },
    chunkNames: `${name}/[name]-[hash]`,
    splitting: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [withoutMarkers],
    sourcemap: true,
    logLevel: 'silent',
  })
  chmodSync(join(root, 'dist', `${name}.mjs`), 0o755)
}

const buildNext = async (): Promise<string | undefined> => {
  const fingerprint = fingerprintOf(SOURCES)
  if (isStamped(stampFile, fingerprint) && existsSync(join(root, '.next/BUILD_ID'))) return 'unchanged, reused'
  unstamp(stampFile)
  await need(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', CLASPER_BUILD: '1' },
  })
  stamp(stampFile, fingerprint)
  return undefined
}

export const GENERATE: Step[] = [
  { name: 'database clients', run: async () => void (await tsx('generate')) },
  { name: 'route table', run: async () => void (await tsx('routes')) },
]

export const BUILD: Step[] = [
  ...GENERATE,
  { name: 'console and api', run: buildNext },
  {
    name: 'server and cli',
    run: async () => {
      await program('server', 'server.ts')
      await program('cli', 'lib/cli/main.ts')
      noteLinks(root)
      return undefined
    },
  },
]

if (process.argv[1] === import.meta.filename) process.exitCode = (await runSteps(BUILD)) ? 0 : 1
