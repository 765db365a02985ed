import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { freePort } from '../demo/ports'
import { programOf } from '../demo/program'
import { capture } from '../tasks/child'
import { blocksOf, runnable } from './read-docs'

const root = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'clasper-quickstart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const NAME = 'docs/CONTROL_PLANE_QUICKSTART.md'

// Stands where the build would be and starts the command line from source.
const standIn = () => {
  const { command, args } = programOf(root, true)
  const call = `spawnSync(${JSON.stringify(command)}, [...${JSON.stringify(args)}, ...process.argv.slice(2)], options)`
  const options = `{ stdio: 'inherit', cwd: ${JSON.stringify(root)} }`
  return `import { spawnSync } from 'node:child_process'\nconst options = ${options}\nprocess.exit(${call}.status ?? 1)\n`
}

it('the quickstart of the control plane works as it is written', async () => {
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/cli.mjs'), standIn())
  const blocks = blocksOf({ path: NAME, text: readFileSync(join(root, NAME), 'utf8') }).filter(runnable)
  const script = blocks
    .map((block) => block.script)
    .join('\n')
    .replace('--report conformance-results', `--report ${join(folder, 'conformance-results')}`)
  const { code, output } = await capture('bash', ['-c', `set -euo pipefail\n${script}`], {
    cwd: folder,
    env: { BACKEND_PORT: String(await freePort()) },
    timeoutMs: 120_000,
  })
  expect(output).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n/)
  expect(output).toMatch(/✓ tools +passed/)
  expect(code).toBe(0)
}, 150_000)
