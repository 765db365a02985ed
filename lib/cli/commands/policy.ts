import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseEnv, readProcessEnv } from '@/lib/core/env'
import { type PolicyTestReport, type PolicyTestResult, testPolicies } from '@/lib/governance'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'
import { junitOf } from '../junit'

const USAGE = 'clasper policy test [workspace] [--mode permissive|guarded|strict] [--junit <file>] [--json]'
const MODES = ['permissive', 'guarded', 'strict'] as const
const YAML = /[.]ya?ml$/i

type File = { path: string; text: string }

const filesIn = (root: string, folder: string): File[] => {
  const full = join(root, folder)
  if (!statSync(full, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => entry.isFile() && YAML.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(full, name), 'utf8') }))
}

// The workspace may be named by its folder or by the policies in it.
const rootOf = (named: string): string => (basename(named) === 'policies' ? dirname(named) : named)

const modeOf = (text: string | undefined): (typeof MODES)[number] => {
  const mode = MODES.find((one) => one === (text ?? 'guarded'))
  if (!mode) throw new UsageError(`--mode is one of ${MODES.join(', ')}`)
  return mode
}

const lineOf = (result: PolicyTestResult, width: number): string[] => {
  const { name, passed, decision, policy, explanation, misses } = result
  return [
    `  ${passed ? '✓' : '✗'} ${name.padEnd(width)}  ${decision.padEnd(16)}  ${policy ?? '-'}`,
    ...(passed ? [] : [...misses.map((miss) => `      ${miss}`), `      ${explanation}`]),
  ]
}

const tableOf = ({ faults, results }: PolicyTestReport): string[] => {
  if (faults.length > 0) return faults.map((fault) => `FAULT ${fault}`)
  const width = Math.max(4, ...results.map(({ name }) => name.length))
  const files = [...new Set(results.map(({ file }) => file))]
  const failed = results.filter(({ passed }) => !passed).length
  return [
    ...files.flatMap((file) => [
      file,
      ...results.filter((result) => result.file === file).flatMap((result) => lineOf(result, width)),
    ]),
    '',
    `${results.length - failed} passed, ${failed} failed`,
  ]
}

const reportOf = ({ faults, results }: PolicyTestReport): string =>
  junitOf('clasper policy test', [
    ...faults.map((fault, at) => ({ classname: 'policies', name: `fault ${at + 1}`, failure: fault })),
    ...results.map(({ file, name, passed, misses }) => ({
      classname: file,
      name,
      ...(passed ? {} : { failure: misses.join('; ') }),
    })),
  ])

type Flags = { mode: string | undefined; junit: string | undefined; json: boolean }

const test = async (named: string, flags: Flags, { out, err, cwd }: Terminal): Promise<number> => {
  const mode = modeOf(flags.mode)
  const root = rootOf(resolve(cwd, named))
  const policies = filesIn(root, 'policies')
  const tests = filesIn(root, 'policies/tests')
  if (policies.length === 0 || tests.length === 0) {
    err(`There is nothing to test: ${root} has ${policies.length} policy files and ${tests.length} test files.`)
    return FAILED
  }
  const report = await testPolicies({ policies, tests, root, mode })
  for (const line of flags.json ? [JSON.stringify(report)] : tableOf(report)) out(line)
  if (flags.junit !== undefined) {
    const file = resolve(cwd, flags.junit)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, reportOf(report))
  }
  const isFine = report.faults.length === 0 && report.results.every(({ passed }) => passed)
  if (isFine && report.results.length === 0) err('The test files hold no tests.')
  return isFine && report.results.length > 0 ? DONE : FAILED
}

export const policy: Command = {
  name: 'policy',
  usage: USAGE,
  summary: 'run the tests that stand beside the policies of a workspace, without a server',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, { mode: 'string', junit: 'string', json: 'boolean' }, 2)
    const [verb, folder] = positionals
    if (verb !== 'test') throw new UsageError(USAGE)
    return test(folder ?? parseEnv(readProcessEnv()).CLASPER_WORKSPACE, flags, terminal)
  },
}
