import { GENERATE } from './build'
import { passThrough } from './child'
import { ensureTools } from './ensure-tools'
import { leaveOnSignal, runSteps } from './step'

// The long form of what `make test` runs briefly: twenty killed writers, twenty thousand bad requests.
const LONG = { STRESS_ROUNDS: '20', FUZZ_REQUESTS: '20000' }

leaveOnSignal()
const ready = (await ensureTools()) && (await runSteps(GENERATE))
const suites = process.argv.length > 2 ? process.argv.slice(2) : ['e2e/stress', 'e2e/api/fuzz']
process.exitCode = ready
  ? await passThrough(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=1800000', ...suites], {
      env: LONG,
    })
  : 1
