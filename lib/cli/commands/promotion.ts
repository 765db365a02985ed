import { setTimeout as sleep } from 'node:timers/promises'
import { REASON_CODES } from '@/lib/governance/contract'
import {
  opsCheckPromotion,
  opsGetPromotion,
  opsListPromotions,
  opsRollbackWorkspace,
  type Promotion,
} from '@/lib/promotion/contract'
import { isUuid } from '@/lib/shared/id'
import { type Command, DONE, FAILED, type Terminal, UsageError } from '../command'
import { namesIn, parseFlags } from '../flags'

const USAGE = `clasper promotion list | check <from> <to> | create <from> <to> [--note "…"] [--at <time>]
       create <from> <to> --canary <percent> [--users a,b]
       show <id> | recheck <id> | approve <id> [--reason "…"] | reject <id> --reason "…" | cancel <id> --reason "…"
       execute <id> --reason "…" [--override code] | rollback <id> --reason "…" [--override code]
       back <version> --reason "…" [--environment e] [--override code]
       [--workspace w] [--no-wait] [--server <url>] [--json]
exits 1 where it is blocked`

const KINDS = {
  ...({
    server: 'string',
    workspace: 'string',
    note: 'string',
    at: 'string',
    canary: 'string',
    users: 'string',
  } as const),
  ...({ reason: 'string', override: 'string', environment: 'string', json: 'boolean', 'no-wait': 'boolean' } as const),
} as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']
type Act = (flags: Flags, words: readonly string[], terminal: Terminal) => Promise<number>

const LOOK_MS = 1_000

const placeOf = ({ workspace = 'default' }: Flags): string => `/workspaces/${encodeURIComponent(workspace)}`

const idOf = ([text]: readonly string[]): string => {
  if (text !== undefined && isUuid(text)) return text
  throw new UsageError(text === undefined ? 'Which promotion? clasper promotion list names them.' : `${text} is no id`)
}

const wayOf = ([source, target]: readonly string[]) => {
  if (source === undefined || target === undefined) throw new UsageError('From where to where? Name both environments.')
  return { source_env: source, target_env: target }
}

const reasonOf = ({ reason }: Flags): string => {
  if (reason !== undefined && reason.trim() !== '') return reason.trim()
  throw new UsageError('--reason is required: others will read why.')
}

const overrideOf = (flags: Flags): object => {
  if (flags.override === undefined) return {}
  const code = REASON_CODES.find((one) => one === flags.override)
  if (!code) throw new UsageError(`--override is one of ${REASON_CODES.join(', ')}`)
  return { override: { reason_code: code, justification: reasonOf(flags) } }
}

const annotationOf = (flags: Flags) => ({ annotation: { key: 'reason', value: reasonOf(flags) } })

const list: Act = async (flags, _words, { out }) => {
  const { opsCall } = await import('../approvals/ops-call')
  const { tableOf } = await import('../promotions/show')
  const page = await opsCall({ server: flags.server, path: `${placeOf(flags)}/promotions` }, opsListPromotions.reply)
  for (const line of flags.json ? [JSON.stringify(page)] : tableOf(page.promotions)) out(line)
  return DONE
}

const check: Act = async (flags, words, { out }) => {
  const { opsCall } = await import('../approvals/ops-call')
  const { checkLines } = await import('../promotions/show')
  const call = { server: flags.server, path: `${placeOf(flags)}/promotions/check`, body: wayOf(words) }
  const { checks } = await opsCall(call, opsCheckPromotion.reply)
  for (const line of flags.json ? [JSON.stringify(checks)] : checkLines(checks.checks)) out(line)
  return checks.blocked ? FAILED : DONE
}

const read = async (flags: Flags, id: string): Promise<Promotion> => {
  const { opsCall } = await import('../approvals/ops-call')
  return (await opsCall({ server: flags.server, path: `${placeOf(flags)}/promotions/${id}` }, opsGetPromotion.reply))
    .promotion
}

const checked = async (flags: Flags, first: Promotion): Promise<Promotion> => {
  let now = first
  while (!flags['no-wait'] && now.status === 'checking') {
    await sleep(LOOK_MS)
    now = await read(flags, now.id)
  }
  return now
}

const tell = async (flags: Flags, promotion: Promotion, { out }: Terminal): Promise<number> => {
  const { detailOf } = await import('../promotions/show')
  for (const line of flags.json ? [JSON.stringify(promotion)] : detailOf(promotion)) out(line)
  return ['blocked', 'rejected', 'failed'].includes(promotion.status) ? FAILED : DONE
}

const show: Act = async (flags, words, terminal) => tell(flags, await read(flags, idOf(words)), terminal)

const send = async (flags: Flags, path: string, body: object): Promise<Promotion> => {
  const { opsCall } = await import('../approvals/ops-call')
  const call = { server: flags.server, path: `${placeOf(flags)}/promotions${path}`, body }
  return (await opsCall(call, opsGetPromotion.reply)).promotion
}

const canaryOf = ({ canary, users }: Flags): object => {
  if (canary === undefined && users !== undefined)
    throw new UsageError('--users goes with --canary: 0 is for them alone')
  if (canary === undefined) return {}
  if (!/^\d{1,3}$/.test(canary) || Number(canary) > 100) throw new UsageError('--canary is a percentage from 0 to 100')
  return { canary: { percent: Number(canary), ...(users === undefined ? {} : { users: namesIn(users) }) } }
}

const create: Act = async (flags, words, terminal) => {
  const { note, at } = flags
  const more = { ...(note === undefined ? {} : { note }), ...(at === undefined ? {} : { apply_at: at }) }
  const made = await send(flags, '', { ...wayOf(words), ...more, ...canaryOf(flags) })
  return tell(flags, await checked(flags, made), terminal)
}

const act =
  (verb: string, body: (flags: Flags) => object): Act =>
  async (flags, words, terminal) =>
    tell(flags, await checked(flags, await send(flags, `/${idOf(words)}/${verb}`, body(flags))), terminal)

const back: Act = async (flags, [version], { out }) => {
  if (version === undefined) throw new UsageError('Which version? Give 8 to 64 digits of its hash.')
  const { opsCall } = await import('../approvals/ops-call')
  const { environment } = flags
  const where = environment === undefined ? {} : { environment }
  const body = { version_hash: version, ...where, ...annotationOf(flags), ...overrideOf(flags) }
  const done = await opsCall(
    { server: flags.server, path: `${placeOf(flags)}/rollback`, body },
    opsRollbackWorkspace.reply,
  )
  out(flags.json ? JSON.stringify(done) : `${done.environment} runs ${done.version_hash} again.`)
  return DONE
}

const said = ({ reason }: Flags) => (reason === undefined ? {} : { comment: reason })

const ACTS: Readonly<Record<string, Act>> = {
  list,
  check,
  create,
  show,
  back,
  recheck: act('check', () => ({})),
  approve: act('approve', (flags) => ({ decision: 'approve', ...said(flags) })),
  reject: act('approve', (flags) => ({ decision: 'reject', comment: reasonOf(flags) })),
  cancel: act('cancel', (flags) => ({ reason: reasonOf(flags) })),
  execute: act('execute', (flags) => ({ ...annotationOf(flags), ...overrideOf(flags) })),
  rollback: act('rollback', (flags) => ({ ...annotationOf(flags), ...overrideOf(flags) })),
}

export const promotion: Command = {
  name: 'promotion',
  usage: USAGE,
  summary: 'take a version from one environment to the next: check, ask, approve, execute, take back',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 3)
    const [verb = 'list', ...words] = positionals
    const chosen = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
    if (!chosen) throw new UsageError(`promotion ${verb} is not known`)
    return chosen(flags, words, terminal)
  },
}
