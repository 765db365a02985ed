import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPacked, nodeOf } from '../nodes/node-binaries'
import { startCommands } from '../nodes/start-commands'
import { leaveOnSignal, runSteps, type Step } from './step'
import type { Tally } from './tally'

const root = process.cwd()
const cache = join(root, '.cache/nodes')
const MAJORS = ['20', '22', '24']

const told = (commands: number) => `${commands} commands`

const scratchFolder = join(tmpdir(), `clasper-nodes-${process.pid}`)
const scratch = (name: string) => join(scratchFolder, name)

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true })

const onNode = (major: string, cli: () => string): Step => ({
  name: `Node ${major}`,
  run: async () => {
    const node = await nodeOf(major, cache)
    return told(await startCommands({ node, cli: cli(), folder: scratch(major) }))
  },
})

/** The short form: this Node and the build of this folder. */
export const runCommandsHere = async (): Promise<Tally> => {
  const cli = join(root, 'dist/cli.mjs')
  const run = async () => told(await startCommands({ node: process.execPath, cli, folder: scratch('here') }))
  const isGood = await runSteps([{ name: `every command, Node ${process.versions.node}`, run }])
  remove(scratchFolder)
  return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

const packed: { folder?: string } = {}

const STEPS: Step[] = [
  {
    name: 'pack and install',
    run: async () => {
      packed.folder = await installPacked(root, cache)
      return undefined
    },
  },
  ...MAJORS.map((major) => onNode(major, () => join(packed.folder ?? '', 'dist/cli.mjs'))),
]

if (process.argv[1] === import.meta.filename) {
  leaveOnSignal()
  process.exitCode = (await runSteps(STEPS)) ? 0 : 1
  for (const folder of [scratchFolder, join(cache, 'app')]) remove(folder)
}
