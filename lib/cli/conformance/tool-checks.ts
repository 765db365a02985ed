import { type Check, type Desk, Skip } from './desk'
import { announced, another, fail, MC, mustBe, mustEqual, mustRefuse } from './expect'
import { Anything, ToolList, ToolRequest, ToolRequestList } from './shapes'

const REQUESTS = `${MC}/tool-requests`
const REQUEST = { justification: 'j', interface: 'send(to, text)', scope: 'mail', risk_level: 'low' }

const newRequest = async (desk: Desk, what: string) => {
  announced(desk, 'tool_requests')
  const body = { title: `${what} ${desk.run}`, ...REQUEST }
  return mustBe('request', await desk.ask(REQUESTS, { body }), ToolRequest)
}

const requests = async (desk: Desk) => {
  const made = await newRequest(desk, 'Request')
  if (made.status !== 'pending') fail(`a new request is ${made.status}, not pending`)
  const { items } = mustBe('list', await desk.ask(REQUESTS), ToolRequestList)
  if (!items.some(({ id }) => id === made.id)) fail('the list lacks the request')
}

const requestsOfOthers = async (desk: Desk) => {
  announced(desk, 'tool_requests')
  const { token } = await another(desk)
  const { id } = await newRequest(desk, 'Own request')
  const answer = await desk.ask(REQUESTS, { token })
  mustBe('list', answer, Anything)
  if (JSON.stringify(answer.body).includes(JSON.stringify(id))) fail('one sees the requests of the other')
}

// Where people decide in the product itself, an agent's token may not: 403 is an answer too.
const decision = async (desk: Desk) => {
  const { id } = await newRequest(desk, 'Decision')
  const body = { status: 'denied', reason: 'conformance' }
  const answer = await desk.ask(`${REQUESTS}/${encodeURIComponent(id)}`, { method: 'PATCH', body })
  if (answer.status === 403) {
    mustRefuse('decide', answer, 403)
    throw new Skip('this backend decides elsewhere (403)')
  }
  const decided = mustBe('decide', answer, ToolRequest)
  if (decided.status !== 'denied') fail(`a denied request is ${decided.status}`)
}

// Tools are announced by answering at all.
const toolsOf = async (desk: Desk) => {
  const answer = await desk.ask('/api/tools')
  if (answer.status === 404) throw new Skip('there is no /api/tools')
  return mustBe('list', answer, ToolList).tools
}

const tools = async (desk: Desk) => {
  await toolsOf(desk)
  mustRefuse('without token', await desk.ask('/api/tools', { token: null }), 401)
}

const callOf = (desk: Desk, args: object) => ({
  arguments: args,
  tenant_id: desk.me.tenantId,
  workspace_id: 'default',
  trace_id: desk.run,
})

const unknownTool = async (desk: Desk) => {
  await toolsOf(desk)
  const body = callOf(desk, {})
  mustRefuse('an unknown tool', await desk.ask(`/api/tools/conformance_${desk.run}`, { body }), 404)
}

const repeatedCall = async (desk: Desk) => {
  const listed = await toolsOf(desk)
  const { tool } = desk
  if (!tool) throw new Skip('which tool may be called? --tool and --arguments name one')
  if (!listed.some(({ name }) => name === tool.name)) fail(`there is no tool ${tool.name}`)
  const body = { ...callOf(desk, tool.arguments), idempotency_key: `conformance-${desk.run}:tool` }
  const path = `/api/tools/${encodeURIComponent(tool.name)}`
  const first = mustBe('first call', await desk.ask(path, { body }), Anything)
  const again = mustBe('second call', await desk.ask(path, { body }), Anything)
  mustEqual('second call', first, again)
}

export const TOOL_CHECKS: readonly Check[] = [
  { name: 'tool requests', run: requests },
  { name: 'tool requests of other users', run: requestsOfOthers },
  { name: 'tool requests are decided', run: decision },
  { name: 'tools', run: tools },
  { name: 'unknown tool 404', run: unknownTool },
  { name: 'tool call under a used key', run: repeatedCall },
]
