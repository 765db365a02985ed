import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type BundleReport, notesIn, publicKeyFrom, verifyBundle } from '@/lib/governance'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const USAGE = 'clasper audit verify <bundle> [--checkpoint <file>] [--key <name+hash+key or pem file>] [--json]'

const reportLines = (report: BundleReport): string[] => [
  `${report.tenant_id}: events ${report.first_seq} to ${report.last_seq}, ${report.checked} checked`,
  `payloads: ${report.payloads_checked} checked, ${report.payloads_erased} erased`,
  `checkpoints: ${report.checkpoints_checked}; key: ${report.key}`,
  ...report.failures.map(({ code, message }) => `FAILED ${code}: ${message}`),
  report.ok ? 'OK' : `${report.failures.length} failed`,
]

const keyOf = (text: string, cwd: string) => {
  const file = resolve(cwd, text)
  return publicKeyFrom(existsSync(file) ? readFileSync(file, 'utf8') : text)
}

type Flags = { checkpoint: string | undefined; key: string | undefined; json: boolean }

const verify = (bundle: string, flags: Flags, { out, err, cwd }: Terminal): number => {
  try {
    const report = verifyBundle(readFileSync(resolve(cwd, bundle)), {
      notes: flags.checkpoint === undefined ? [] : notesIn(readFileSync(resolve(cwd, flags.checkpoint), 'utf8')),
      ...(flags.key === undefined ? {} : { key: keyOf(flags.key, cwd) }),
    })
    for (const line of flags.json ? [JSON.stringify(report)] : reportLines(report)) out(line)
    return report.ok ? DONE : FAILED
  } catch (error) {
    err(`The bundle cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    return FAILED
  }
}

export const audit: Command = {
  name: 'audit',
  usage: USAGE,
  summary: 'check an exported audit bundle, without a server',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, { checkpoint: 'string', key: 'string', json: 'boolean' }, 2)
    const [verb, bundle] = positionals
    if (verb !== 'verify' || bundle === undefined) throw new UsageError(USAGE)
    return verify(bundle, flags, terminal)
  },
}
