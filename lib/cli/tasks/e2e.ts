import { BUILD } from './build'
import { passThrough } from './child'
import { ensureTools } from './ensure-tools'
import { leaveOnSignal, runSteps } from './step'

const playwright = (args: readonly string[]) =>
  passThrough(process.execPath, ['node_modules/playwright/cli.js', 'test', ...args], {
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  })

leaveOnSignal()
const ready = (await ensureTools()) && (await runSteps(BUILD))
process.exitCode = ready ? await playwright(process.argv.slice(2)) : 1
