import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { readProcessEnv } from '@/lib/core/env'
import { runImage } from '../image/run-image'
import { checkAuditSeen } from './audit-seen'
import { BUILD, GENERATE } from './build'
import { passThrough, stopAll } from './child'
import { ensureClients } from './clients'
import { runDocsCheck } from './docs-check'
import { ensureTools } from './ensure-tools'
import { leaveOnSignal, runSteps, seconds } from './step'
import { closingLine, sum, type Tally, tallyOfPlaywright, tallyOfVitest, withExit } from './tally'
import { runCommandsHere } from './test-nodes'
import { CHECKS } from './verify'

const REPORTS = '.cache/test'
const FAILED_ONCE: Tally = { passed: 0, failed: 1 }

const stepsTally = async (steps: Parameters<typeof runSteps>[0], atOnce: number): Promise<Tally> =>
  (await runSteps(steps, atOnce)) ? { passed: steps.length, failed: 0 } : FAILED_ONCE

const counted = async (report: string, count: (json: never) => Tally, args: string[], env: Record<string, string>) => {
  rmSync(report, { force: true })
  const code = await passThrough(process.execPath, args, { env })
  if (!existsSync(report)) return FAILED_ONCE
  return withExit(count(JSON.parse(readFileSync(report, 'utf8')) as never), code)
}

// On a machine that nobody watches a test may be tried once more; the reporters name each one that needed it.
const childEnv = () => ({ CI: 'true', CLASPER_TEST_RETRIES: readProcessEnv()['CI'] === 'true' ? '1' : '0' })

const unit = () =>
  counted(
    `${REPORTS}/vitest.json`,
    tallyOfVitest,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${REPORTS}/vitest.json`,
    ],
    childEnv(),
  )

const journeys = () =>
  counted(`${REPORTS}/playwright.json`, tallyOfPlaywright, ['node_modules/playwright/cli.js', 'test'], childEnv())

type Stage = { name: string; run: () => Promise<Tally>; gate?: boolean }

// A failing gate ends the run: behind it every further failure would only repeat the first.
const STAGES: Stage[] = [
  {
    name: 'tools',
    run: async () => ((await ensureTools()) && (await ensureClients()) ? { passed: 0, failed: 0 } : FAILED_ONCE),
    gate: true,
  },
  {
    name: 'generated code',
    run: async () => ((await runSteps(GENERATE)) ? { passed: 0, failed: 0 } : FAILED_ONCE),
    gate: true,
  },
  { name: 'verify', run: () => stepsTally(CHECKS, 2) },
  { name: 'build', run: () => stepsTally(BUILD.slice(GENERATE.length), 1), gate: true },
  { name: 'unit tests, both databases', run: unit },
  {
    name: 'audit events',
    run: async () => (checkAuditSeen(`${REPORTS}/audit-seen.jsonl`) ? { passed: 1, failed: 0 } : FAILED_ONCE),
  },
  { name: 'command line', run: runCommandsHere },
  { name: 'container image, without an engine', run: runImage },
  { name: 'end to end', run: journeys },
  { name: 'documentation', run: runDocsCheck },
]

const runStage = async ({ name, run }: Stage): Promise<Tally> => {
  console.log(`\n── ${name}`)
  const began = performance.now()
  const tally = await run().catch((error: unknown) => {
    console.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return FAILED_ONCE
  })
  console.log(`── ${name}: ${closingLine(tally)} in ${seconds(performance.now() - began)}`)
  return tally
}

const testAll = async (): Promise<Tally> => {
  const tallies: Tally[] = []
  for (const stage of STAGES) {
    const tally = await runStage(stage)
    tallies.push(tally)
    if (stage.gate && tally.failed > 0) break
  }
  return sum(tallies)
}

leaveOnSignal()
mkdirSync(REPORTS, { recursive: true })
const result = await testAll()
stopAll()
console.log(`\n${closingLine(result)}`)
process.exit(result.failed === 0 && result.passed > 0 ? 0 : 1)
