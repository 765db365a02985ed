import { relative, resolve } from 'node:path'
import { type Command, DONE, FAILED, UsageError } from '../command'
import type { ToolToCall } from '../conformance/desk'
import { parseFlags } from '../flags'

const USAGE = 'clasper conformance [--url <backend>] [--token <agent token>] [--report <folder>]'

const HELP = `Usage: ${USAGE}
         [--tool <name> --arguments <json>]

Checks a backend against docs/CONTROL_PLANE_CONTRACT.md. It writes tasks, messages and documents there, in the name of
users of its own, and leaves them: use a backend for tests.

  --url        address of the backend; else CONTROL_PLANE_URL
  --token      token of one agent; else AGENT_TOKEN
  --report     folder for conformance.json and junit.xml; else CONFORMANCE_REPORT_DIR
  --tool       a tool that may really be called (twice, under one key); its arguments as a JSON object
  --arguments

From the environment:
  AGENT_JWT_SECRET     the secret that the backend knows: makes as many users as are needed
  AGENT_JWT_ALGORITHM  how tokens are signed with it, HS256 without
  AGENT_TOKEN          in place of the secret: one user, so lines about a second user or special tokens are skipped
  INTERNAL_API_TOKEN   for the lines about the dispatcher
  CONTROL_PLANE_URL, CONFORMANCE_REPORT_DIR

Exit code: 0 nothing failed, 1 something failed, 2 the command line is wrong.`

const isHelp = (args: readonly string[]) => args.some((word) => word === '--help' || word === '-h')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const argumentsOf = (text: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {}
  throw new UsageError('--arguments is not a JSON object')
}

const toolOf = (name: string | undefined, text: string | undefined): ToolToCall | null => {
  if (name === undefined && text !== undefined) throw new UsageError('--arguments needs --tool')
  return name === undefined ? null : { name, arguments: argumentsOf(text ?? '{}') }
}

const FLAGS = { url: 'string', token: 'string', report: 'string', tool: 'string', arguments: 'string' } as const

export const conformance: Command = {
  name: 'conformance',
  usage: USAGE,
  summary: 'check a backend against the contract; writes conformance.json and junit.xml',
  run: async (args, { out, cwd }) => {
    if (isHelp(args)) {
      out(HELP)
      return DONE
    }
    const { flags } = parseFlags(args, FLAGS)
    const tool = toolOf(flags.tool, flags.arguments)
    const { commandSettings } = await import('../settings')
    const { openDesk } = await import('../conformance/desk')
    const { peopleFor } = await import('../conformance/people')
    const { runChecks } = await import('../conformance/run-checks')
    const { tableOf, writeReport } = await import('../conformance/report')
    const settings = commandSettings()
    const baseUrl = flags.url ?? settings.CONTROL_PLANE_URL
    if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) throw new UsageError('--url is not an http(s) address')
    const people = await peopleFor(settings, flags.token ?? settings.AGENT_TOKEN)
    const report = await runChecks(openDesk({ baseUrl, internalToken: settings.INTERNAL_API_TOKEN, tool, ...people }))
    for (const line of tableOf(report)) out(line)
    const files = writeReport(resolve(cwd, flags.report ?? settings.CONFORMANCE_REPORT_DIR), report)
    out(`Written: ${files.map((file) => relative(cwd, file)).join(', ')}`)
    return report.failed === 0 ? DONE : FAILED
  },
}
