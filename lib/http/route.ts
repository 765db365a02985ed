import { auditLimited, identify, openScope } from '@/lib/auth'
import { monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Once, Scope } from '@/lib/core/scope'
import type { BodyOf, Contract, ParamsOf, QueryOf, ReplyOf } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { warnOfProxy } from './client-address'
import { claimOnce } from './idempotency'
import { asProblem, problemReply, statusOf } from './problem-reply'
import { type Allowance, headersOf, take } from './rate-limit'
import { readRequest } from './read-request'
import { eventStream, type StreamEvent } from './sse'
import { newVisit, type Visit } from './visit'
import { wireText } from './wire'

export type RouteInput<C extends Contract> = {
  params: ParamsOf<C>
  query: QueryOf<C>
  body: BodyOf<C>
  request: Request
  sent?: unknown
}

type Caller<C extends Contract> = C['guard'] extends { kind: 'public' } ? Visit : Scope

type Streamed<C extends Contract> = C['orStream'] extends object ? AsyncIterable<StreamEvent> : never

type Answer<C extends Contract> = C['stream'] extends object ? AsyncIterable<StreamEvent> : ReplyOf<C> | Streamed<C>

type Handler<C extends Contract> = (caller: Caller<C>, input: RouteInput<C>) => Promise<Answer<C>> | Answer<C>

// How a refusal is put where the caller speaks another protocol than ours.
type Refuse = (problem: Problem, request: Request) => Response

type Context = { params: Promise<Record<string, string | string[] | undefined>> | Record<string, string> }

export type Route<C extends Contract = Contract> = ((request: Request, context?: Context) => Promise<Response>) & {
  contract: C
}

const FAILURES_PER_MINUTE = 600

const BASE_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

const tooMany = (allowance: Allowance): Problem =>
  new Problem(
    'rate_limit_exceeded',
    undefined,
    { limit_per_minute: allowance.limit },
    {
      headers: { 'retry-after': String(allowance.resetSeconds), ...headersOf(allowance) },
    },
  )

const limitOf = (contract: Contract): number => {
  const general = kernel().env.CLASPER_RATE_LIMIT_PER_MINUTE
  return general === 0 ? 0 : Math.min(general, contract.rateLimit?.perMinute ?? general)
}

export const spend = async (contract: Contract, visit: Visit): Promise<Allowance | null> => {
  const perMinute = limitOf(contract)
  if (perMinute === 0) return null
  const own = contract.rateLimit ? `${contract.method} ${contract.path} ` : ''
  const allowance = take(`${own}${visit.identity?.credentialId ?? `ip:${visit.clientIp}`}`, perMinute)
  if (allowance.allowed) return allowance
  kernel().metrics.rateLimited.inc({ plane: visit.identity?.plane ?? 'none' })
  await auditLimited(visit, visit.identity, {
    method: contract.method,
    route: contract.path,
    limit_per_minute: perMinute,
  })
  throw tooMany(allowance)
}

// Whoever is known and may not do this guesses nothing.
const isGuess = (error: unknown): boolean => {
  const problem = asProblem(error)
  return [401, 403].includes(statusOf(problem)) && problem.code !== 'permission_denied'
}

// Guessing credentials is slowed down by address. Many share one, so a known caller passes whoever else fails there.
const admit = async (contract: Contract, request: Request, visit: Visit): Promise<void> => {
  if (contract.guard.kind === 'public') return
  const key = `failures:${visit.clientIp}`
  const probe = take(key, FAILURES_PER_MINUTE, 0)
  const isFlooding = probe.remaining < 1
  try {
    visit.identity = await identify(request, contract.guard, isFlooding ? { ...visit, isFlooding } : visit)
  } catch (error) {
    if (!isGuess(error)) throw error
    if (isFlooding) throw tooMany({ ...probe, allowed: false })
    take(key, FAILURES_PER_MINUTE)
    throw error
  }
}

const isEvents = (answer: unknown): answer is AsyncIterable<StreamEvent> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer

const ACCEPTED = 202

const statusOfReply = ({ acceptedWhen, status = 200 }: Contract, reply: unknown): number => {
  const isPending = typeof reply === 'object' && reply !== null && 'status' in reply && reply.status === acceptedWhen
  return acceptedWhen !== undefined && isPending ? ACCEPTED : status
}
const JSON_HEADERS = { 'content-type': 'application/json' }

const replyOf = (contract: Contract, answer: unknown, visit: Visit, request: Request): Response => {
  if (isEvents(answer)) return eventStream(answer, visit, contract.endsByItself)
  if (answer instanceof Response || !contract.reply) return answer as Response
  const checked = contract.reply.parse(answer)
  const aliases = kernel().env.CLASPER_WIRE_ALIASES && request.headers.get('x-clasper-aliases') !== 'off'
  return new Response(wireText(contract, checked, aliases), {
    status: statusOfReply(contract, checked),
    headers: JSON_HEADERS,
  })
}

const REPLAYED = 'idempotent-replayed'

type Known = NonNullable<Once['known']>

// What the first call was answered, also where that was a refusal.
const repeated = (contract: Contract, { status, reply }: Known, visit: Visit, request: Request): Response =>
  status >= 400
    ? Response.json({ ...(reply as object), request_id: visit.requestId }, { status })
    : replyOf(contract, reply, visit, request)

// A verb that writes its effects and its answer in one commit takes the claim over; for all others it is settled here.
const once = async <T>(scope: Scope, contract: Contract, work: () => Promise<T> | T): Promise<T> => {
  try {
    const outcome = await work()
    if (scope.once && !scope.once.isTaken && !isEvents(outcome))
      await scope.command({ audit: [], writes: [scope.once.write(contract.status ?? 200, outcome)] })
    return outcome
  } catch (error) {
    if (scope.once && !scope.once.isTaken) await scope.once.release()
    throw error
  }
}

const handled = async <C extends Contract>(
  contract: C,
  handler: Handler<C>,
  caller: Caller<C>,
  input: RouteInput<C>,
  visit: Visit,
): Promise<Response> => {
  const act = async () => handler(caller, input)
  if (!('tenantId' in caller)) return replyOf(contract, await act(), visit, input.request)
  const claim = await claimOnce(caller, contract, input)
  if (claim) caller.once = claim
  const isStreamed = contract.stream !== undefined || contract.orStream !== undefined
  if (!claim?.known) return replyOf(contract, await once(caller, contract, act), visit, input.request)
  const isRetold = isStreamed && claim.known.status < 400
  const reply = isRetold
    ? replyOf(contract, await act(), visit, input.request)
    : repeated(contract, claim.known, visit, input.request)
  reply.headers.set(REPLAYED, 'true')
  return reply
}

const answer = async <C extends Contract>(
  contract: C,
  handler: Handler<C>,
  request: Request,
  visit: Visit,
  context: Context | undefined,
): Promise<Response> => {
  await admit(contract, request, visit)
  const allowance = await spend(contract, visit)
  const input = await readRequest(contract, request, await context?.params, kernel().env.CLASPER_MAX_BODY_BYTES)
  const caller = visit.identity ? await openScope(visit.identity, { contract, request, visit, input }) : visit
  const reply = await handled(contract, handler, caller as Caller<C>, { ...input, request } as RouteInput<C>, visit)
  for (const [name, value] of Object.entries(allowance ? headersOf(allowance) : {})) reply.headers.set(name, value)
  return reply
}

const finish = (contract: Contract, reply: Response, visit: Visit, started: number): Response => {
  const { metrics } = kernel()
  const ms = monotonicMs() - started
  const labels = { method: contract.method, route: contract.path }
  const named = contract.leavesTrace ? visit.traceId : (visit.echo ?? visit.traceId)
  metrics.requests.inc({ ...labels, status: String(reply.status) })
  metrics.duration.observe(labels, ms / 1000)
  for (const [name, value] of Object.entries(BASE_HEADERS)) if (!reply.headers.has(name)) reply.headers.set(name, value)
  reply.headers.set('x-request-id', visit.requestId)
  if (!reply.headers.has('x-trace-id')) reply.headers.set('x-trace-id', named)
  visit.log.info('request', {
    ...labels,
    status: reply.status,
    ms: Math.round(ms * 10) / 10,
    tenant: visit.identity?.tenantId,
    actor: visit.identity?.actor,
  })
  return reply
}

const failed = (error: unknown, contract: Contract, visit: Visit): Problem => {
  const problem = asProblem(error)
  const fields = {
    method: contract.method,
    route: contract.path,
    code: problem.code,
    error: problem.cause ?? undefined,
  }
  if (statusOf(problem) >= 500) visit.log.error('request failed', fields)
  else visit.log.warn('request refused', fields)
  return problem
}

// The one way in: request id, guard, rate limit, parse, verb, reply check, one catch, one log line.
export const route = <C extends Contract>(contract: C, handler: Handler<C>, refuse?: Refuse): Route<C> => {
  const run = async (request: Request, context?: Context): Promise<Response> => {
    const started = monotonicMs()
    const visit = newVisit(request)
    warnOfProxy(request.headers)
    const reply = await answer(contract, handler, request, visit, context).catch((error: unknown) => {
      const problem = failed(error, contract, visit)
      return refuse ? refuse(problem, request) : problemReply(problem, visit)
    })
    return finish(contract, reply, visit, started)
  }
  return Object.assign(run, { contract })
}
