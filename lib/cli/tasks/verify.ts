import { GENERATE } from './build'
import { need } from './need'
import { leaveOnSignal, runSteps, type Step } from './step'

const bin = (path: string, ...args: string[]) => need(process.execPath, [`node_modules/${path}`, ...args])
const quiet = async (work: Promise<string>) => {
  await work
  return undefined
}

const HOUSE = ['lib/core/house.test.ts', 'lib/core/testing/house']

// Slowest first, two at a time: nothing here needs a server, and all of it fits in half a minute.
export const CHECKS: Step[] = [
  { name: 'types (tsc)', run: () => quiet(bin('typescript/bin/tsc', '--noEmit', '-p', '.')) },
  {
    name: 'house rules (vitest)',
    run: () => quiet(bin('vitest/vitest.mjs', 'run', '--reporter=dot', ...HOUSE)),
  },
  {
    name: 'dead code (knip)',
    run: () => quiet(bin('knip/bin/knip.js', '--treat-config-hints-as-errors')),
  },
  {
    name: 'floors (depcruise)',
    run: () =>
      quiet(
        bin(
          'dependency-cruiser/bin/dependency-cruise.mjs',
          'app',
          'components',
          'lib',
          'prisma',
          '--output-type',
          'err-long',
        ),
      ),
  },
  {
    name: 'lint and format (biome)',
    run: () => quiet(bin('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=40')),
  },
]

export const verify = async (): Promise<boolean> => (await runSteps(GENERATE)) && (await runSteps(CHECKS, 2))

if (process.argv[1] === import.meta.filename) {
  leaveOnSignal()
  process.exitCode = (await verify()) ? 0 : 1
}
