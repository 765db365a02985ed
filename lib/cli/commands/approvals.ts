import { z } from 'zod'
import { systemClock } from '@/lib/core/clock'
import {
  DECISION_STATES,
  DecisionDetail,
  DecisionPage,
  opsResolveDecision,
  REASON_CODES,
} from '@/lib/governance/contract'
import { isUuid } from '@/lib/shared/id'
import { type Command, DONE, type Terminal, UsageError } from '../command'
import { parseFlags } from '../flags'

const USAGE = `clasper approvals list [--status s] | show <id> | approve <id> --reason "…" [--override code] | deny <id> --reason "…"
       [--server <url>] [--json]`

const KINDS = { server: 'string', status: 'string', reason: 'string', override: 'string', json: 'boolean' } as const

type Flags = ReturnType<typeof parseFlags<typeof KINDS>>['flags']
type Act = (flags: Flags, id: string | undefined, terminal: Terminal) => Promise<void>

const LEAST = 10

const idOf = (text: string | undefined): string => {
  if (text !== undefined && isUuid(text)) return text
  throw new UsageError(text === undefined ? 'Which decision? clasper approvals list names them.' : `${text} is no id`)
}

const reasonOf = ({ reason }: Flags): string => {
  if (reason !== undefined && reason.trim().length >= LEAST) return reason.trim()
  throw new UsageError(`--reason is required and has at least ${LEAST} characters: others will read why.`)
}

const list: Act = async ({ server, status = 'pending', json }, _id, { out }) => {
  const { opsCall } = await import('../approvals/ops-call')
  const { tableOf } = await import('../approvals/show')
  if (status !== 'all' && !DECISION_STATES.some((state) => state === status))
    throw new UsageError(`--status is one of all, ${DECISION_STATES.join(', ')}`)
  const query = { limit: '50', ...(status === 'all' ? {} : { status }) }
  const page = await opsCall({ server, path: '/decisions', query }, DecisionPage)
  if (json) return out(JSON.stringify(page))
  if (page.decisions.length === 0) return out(status === 'pending' ? 'Nothing waits for a person.' : 'None.')
  for (const line of tableOf(page.decisions, systemClock.now().getTime())) out(line)
  if (page.has_more) out('… and more')
}

const show: Act = async ({ server, json }, wished, { out }) => {
  const { opsCall } = await import('../approvals/ops-call')
  const { detailOf } = await import('../approvals/show')
  const id = idOf(wished)
  const { decision } = await opsCall({ server, path: `/decisions/${id}` }, z.object({ decision: DecisionDetail }))
  for (const line of json ? [JSON.stringify(decision)] : detailOf(decision)) out(line)
}

const overrideOf = ({ override }: Flags) => {
  if (override === undefined) return { action: 'approve' }
  const code = REASON_CODES.find((one) => one === override)
  if (!code) throw new UsageError(`--override is one of ${REASON_CODES.join(', ')}`)
  return { action: 'approve_with_override', override_reason_code: code }
}

const resolve =
  (said: (flags: Flags) => object): Act =>
  async (flags, wished, { out }) => {
    const { opsCall } = await import('../approvals/ops-call')
    const { server, json } = flags
    const id = idOf(wished)
    const body = { ...said(flags), justification: reasonOf(flags) }
    const done = await opsCall({ server, path: `/decisions/${id}/resolve`, body }, opsResolveDecision.reply)
    out(json ? JSON.stringify(done) : `${done.decision.status}: ${done.decision.tool ?? done.decision.subject} (${id})`)
  }

const ACTS: Readonly<Record<string, Act>> = {
  list,
  show,
  approve: resolve(overrideOf),
  deny: resolve(() => ({ action: 'deny' })),
}

export const approvals: Command = {
  name: 'approvals',
  usage: USAGE,
  summary: 'what waits for a person: list it, look at it, approve or deny it, as who has signed in',
  run: async (args, terminal) => {
    const { flags, positionals } = parseFlags(args, KINDS, 2)
    const [verb = 'list', id] = positionals
    const act = Object.hasOwn(ACTS, verb) ? ACTS[verb] : undefined
    if (!act) throw new UsageError(`approvals ${verb} is not known`)
    await act(flags, id, terminal)
    return DONE
  },
}
