import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { demoFileIn } from '../demo/demo-file'
import { freePort } from '../demo/ports'
import { launch, type Service } from '../demo/service-process'
import { type Block, blocksOf, readDocs, runnable } from '../docs/read-docs'
import { capture } from './child'
import { leaveOnSignal, seconds, tail } from './step'
import { closingLine, sum, type Tally } from './tally'

const root = process.cwd()
const scratch = join(root, '.cache/docs-check')
const START_MS = 90_000
const SCRIPT_MS = 120_000

const openScratch = () => {
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  symlinkSync(join(root, 'dist'), join(scratch, 'dist'))
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100))

// The demo as a newcomer starts it, in a folder of its own beside whatever runs already.
const startDemo = async (): Promise<Service> => {
  const demo = launch({
    name: 'clasper demo',
    command: process.execPath,
    args: [join(root, 'dist/cli.mjs'), 'demo'],
    cwd: scratch,
    env: { CLASPER_PORT: String(await freePort()), LLM_MODEL_DEFAULT: '', OPENAI_MODEL_DEFAULT: '' },
    logFile: join(scratch, 'demo.log'),
  })
  const until = performance.now() + START_MS
  while (!existsSync(demoFileIn(join(scratch, '.clasper')))) {
    if (!demo.isRunning() || performance.now() > until) throw new Error(`The demo did not start:\n${demo.lastLines()}`)
    await pause()
  }
  return demo
}

// The blocks of one document are one session, as they are for a reader who types them.
const scriptOf = (blocks: readonly Block[]) =>
  ['set -euo pipefail', ...blocks.flatMap(({ doc, line, script }) => [`echo "# ${doc}:${line}"`, script, 'echo'])].join(
    '\n',
  )

const runDoc = async (blocks: readonly Block[]): Promise<Tally> => {
  const name = blocks[0]?.doc ?? ''
  const began = performance.now()
  const { code, output } = await capture('bash', ['-c', scriptOf(blocks)], { cwd: scratch, timeoutMs: SCRIPT_MS })
  const reached = [...output.matchAll(/^# (\S+:\d+)$/gm)].map(([, place = '']) => place)
  console.log(
    `${code === 0 ? '✓' : '✗'} ${name.padEnd(22)} ${seconds(performance.now() - began).padStart(8)}  ${reached.length} blocks`,
  )
  if (code !== 0) console.log(`\nThe block at ${reached.at(-1)} ended with code ${code}:\n\n${tail(output, 30)}\n`)
  return { passed: code === 0 ? reached.length : reached.length - 1, failed: code === 0 ? 0 : 1 }
}

const endsWell = async (demo: Service): Promise<Tally> => {
  demo.kill('SIGINT')
  const code = await demo.ended
  console.log(`${code === 0 ? '✓' : '✗'} Ctrl-C ends the demo (code ${code})`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

export const runDocsCheck = async (): Promise<Tally> => {
  openScratch()
  const documents = readDocs(root)
    .map((doc) => blocksOf(doc).filter(runnable))
    .filter((blocks) => blocks.length > 0)
  const demo = await startDemo()
  try {
    const tallies: Tally[] = []
    for (const blocks of documents) tallies.push(await runDoc(blocks))
    return sum([...tallies, await endsWell(demo)])
  } finally {
    await demo.stop()
  }
}

if (process.argv[1] === import.meta.filename) {
  leaveOnSignal()
  const tally = await runDocsCheck()
  console.log(`\n${closingLine(tally)}`)
  process.exitCode = tally.failed === 0 ? 0 : 1
}
