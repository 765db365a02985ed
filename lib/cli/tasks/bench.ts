import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD } from './build'
import { passThrough } from './child'
import { leaveOnSignal, runSteps } from './step'

const BENCHES = ['floor', 'writer', 'audit-proof', 'ledger', 'run', 'diff', 'traces', 'redaction', 'evals', 'overview']

const fileOf = (name: string) => join('e2e/bench', `${name}.ts`)

const run = async (name: string, args: readonly string[]): Promise<number> => {
  console.log(`\n── bench ${name}`)
  return passThrough(process.execPath, ['--conditions=react-server', '--import', 'tsx', fileOf(name), ...args])
}

const runAll = async (): Promise<number> => {
  for (const name of BENCHES) {
    const code = await run(name, [])
    if (code !== 0) return code
  }
  return 0
}

leaveOnSignal()
const [name, ...args] = process.argv.slice(2)
if (name !== undefined && !existsSync(fileOf(name))) {
  console.error(`There is no benchmark ${name}. Known: ${BENCHES.join(', ')}`)
  process.exitCode = 2
} else if (await runSteps(BUILD)) process.exitCode = name === undefined ? await runAll() : await run(name, args)
else process.exitCode = 1
