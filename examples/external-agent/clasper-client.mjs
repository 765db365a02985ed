// A client for agents that run elsewhere: nothing but Node. Copy it into your agent.
import { createHash, createPrivateKey, randomBytes, sign } from 'node:crypto'

// Object keys sorted at every depth, no spaces, numbers as JavaScript writes them: what hashes and signatures are of.
export const stableJson = (value) => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${stableJson(value[key])}`).join(',')}}`
}

export const newId = () => {
  const time = Date.now().toString(16).padStart(12, '0')
  const bytes = randomBytes(10)
  bytes[0] = (bytes[0] & 0x0f) | 0x70
  bytes[2] = (bytes[2] & 0x3f) | 0x80
  const rest = bytes.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`
}

// What the token says of its holder. Only the server checks it.
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))

export class Refused extends Error {
  constructor(status, { code = 'unknown', error = 'The server did not say why.', details } = {}) {
    super(`${status} ${code}: ${error}`)
    this.status = status
    this.code = code
    this.details = details
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export const createClient = ({ url, token, privateKey = null, version = '1.0.0' }) => {
  const { adapter_id, tenant_id, workspace_id, allowed_capabilities = [] } = claimsOf(token)
  const key = privateKey === null ? null : createPrivateKey(privateKey)

  const call = async (method, path, body, headers = {}) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-adapter-token': token, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const answer = await reply.json().catch(() => ({}))
    if (!reply.ok) throw new Refused(reply.status, answer)
    return answer
  }

  const register = ({ name, riskClass, tools }) =>
    call('POST', '/adapters/register', {
      adapter_id,
      display_name: name,
      risk_class: riskClass,
      capabilities: allowed_capabilities,
      version,
      tool_capabilities: tools,
    })

  const request = (wish) => call('POST', '/api/execution/request', { tenant_id, workspace_id, adapter_id, ...wish })

  // Asks, waits while a person decides, and asks again under the same id: that gets the decision.
  const begin = async (wish, { everyMs = 2_000, untilMs = 3_600_000, onWait = () => undefined } = {}) => {
    const asked = { execution_id: newId(), ...wish }
    const end = Date.now() + untilMs
    let answer = await request(asked)
    if (answer.decision === 'pending') onWait(answer)
    while (answer.decision === 'pending' && Date.now() < end) {
      await pause(everyMs)
      const { effect } = await call('GET', `/api/execution/${asked.execution_id}`)
      if (effect !== 'pending') answer = await request(asked)
    }
    return answer
  }

  // Runs a tool only with a token of this platform, which it uses up first.
  const callTool = async (execution_id, tool, args, run) => {
    const answer = await call('POST', '/api/governance/tool/authorize', {
      execution_id,
      adapter_id,
      tool,
      arguments: args,
    })
    if (answer.decision !== 'allow') return { ...answer, ran: false }
    await call('POST', '/api/governance/tool/consume', { tool_token: answer.tool_token, tool, arguments: args })
    return { ...answer, ran: true, result: await run(args) }
  }

  const signed = (kind, { execution_id, trace_id }, payload) => {
    const head = {
      envelope_version: 'v1',
      adapter_id,
      adapter_version: version,
      issued_at: new Date().toISOString(),
      execution_id,
      trace_id,
      payload_type: kind,
      payload_hash: `sha256:${createHash('sha256').update(stableJson(payload)).digest('hex')}`,
    }
    const bytes = Buffer.from(stableJson(head))
    const isEd = key.asymmetricKeyType === 'ed25519'
    const signature = isEd ? sign(null, bytes, key) : sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    return { ...head, payload, signature: signature.toString('base64') }
  }

  // kind: trace, audit, cost, metrics, violations. Sent twice it is stored once.
  const tell = (kind, ids, facts) => {
    const payload = { tenant_id, workspace_id, ...facts }
    const body = key === null ? { ...payload, ...ids, adapter_id } : signed(kind, ids, payload)
    return call('POST', `/api/ingest/${kind}`, body)
  }

  return { adapter_id, tenant_id, workspace_id, call, register, begin, callTool, tell }
}
