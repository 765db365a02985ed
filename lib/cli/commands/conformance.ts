import { relative, resolve } from 'node:path'
import { type Command, DONE, FAILED, UsageError } from '../command'
import { parseFlags } from '../flags'

export const conformance: Command = {
  name: 'conformance',
  usage: 'clasper conformance [--url <backend>] [--token <agent token>] [--report <folder>]',
  summary: 'check a backend against the contract; writes conformance.json and junit.xml',
  run: async (args, { out, cwd }) => {
    const { flags } = parseFlags(args, { url: 'string', token: 'string', report: 'string' })
    const { commandSettings } = await import('../settings')
    const { openDesk } = await import('../conformance/desk')
    const { peopleFor } = await import('../conformance/people')
    const { runChecks } = await import('../conformance/run-checks')
    const { tableOf, writeReport } = await import('../conformance/report')
    const settings = commandSettings()
    const baseUrl = flags.url ?? settings.CONTROL_PLANE_URL
    if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) throw new UsageError('--url is not an http(s) address')
    const people = await peopleFor(settings, flags.token ?? settings.AGENT_TOKEN)
    const report = await runChecks(openDesk({ baseUrl, internalToken: settings.INTERNAL_API_TOKEN, ...people }))
    for (const line of tableOf(report)) out(line)
    const files = writeReport(resolve(cwd, flags.report ?? settings.CONFORMANCE_REPORT_DIR), report)
    out(`Written: ${files.map((file) => relative(cwd, file)).join(', ')}`)
    return report.failed === 0 ? DONE : FAILED
  },
}
