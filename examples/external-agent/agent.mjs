// An agent that runs elsewhere: it registers, asks, waits for a person where it must, uses one tool and tells of it.
import { readFileSync } from 'node:fs'
import { createClient, newId, Refused } from './clasper-client.mjs'

const { CLASPER_URL: url, CLASPER_ADAPTER_TOKEN: token, CLASPER_SIGNING_KEY: keyFile } = process.env
if (!url || !token) {
  process.stderr.write('Set CLASPER_URL and CLASPER_ADAPTER_TOKEN.\n')
  process.exit(2)
}

const DENIED = 3
const say = (step, facts) => process.stdout.write(`${JSON.stringify({ step, ...facts })}\n`)

const TOOLS = {
  word_count: ({ text }) => ({ words: text.split(/\s+/).filter(Boolean).length }),
}

const main = async () => {
  const privateKey = keyFile ? readFileSync(keyFile, 'utf8') : null
  const client = createClient({ url, token, privateKey })
  const { enabled, risk_class } = await client.register({
    name: 'Example agent',
    riskClass: 'low',
    tools: Object.keys(TOOLS),
  })
  say('registered', { adapter_id: client.adapter_id, enabled, risk_class })

  const started_at = new Date()
  const answer = await client.begin(
    {
      requested_capabilities: ['text.read'],
      tool_count: 1,
      tool_names: Object.keys(TOOLS),
      max_steps: 5,
      max_cost: 0.05,
      intent: 'Count words',
    },
    {
      everyMs: 250,
      onWait: ({ decision_id, required_role }) => say('waiting', { decision_id, required_role }),
    },
  )
  const { execution_id, decision, granted_scope, blocked_reason, explanation } = answer
  say('answered', { execution_id, decision, granted_scope, blocked_reason, explanation })
  if (decision !== 'allow') return DENIED

  const args = { text: 'Nothing in a body grants anything' }
  const used = await client.callTool(execution_id, 'word_count', args, TOOLS.word_count)
  say('tool', { decision: used.decision, reason: used.reason, result: used.result })

  const ids = { execution_id, trace_id: newId() }
  const now = () => new Date().toISOString()
  const call = { tool_call_id: '1', tool_name: 'word_count' }
  const steps = used.ran
    ? [
        {
          type: 'tool_call',
          timestamp: now(),
          data: { ...call, arguments: args, tool_token_jti: used.authorization_id },
        },
        { type: 'tool_result', timestamp: now(), data: { ...call, success: true, result: used.result } },
      ]
    : []
  const trace = {
    started_at: started_at.toISOString(),
    completed_at: now(),
    model: 'example-model',
    provider: 'example',
    input: { message: 'How many words?' },
    output: { message: used.ran ? `${used.result.words} words` : 'I was not allowed to count' },
    steps,
    usage: { input_tokens: 12, output_tokens: 3 },
  }
  const told = [
    await client.tell('trace', ids, { trace }),
    await client.tell('cost', ids, { cost_usd: 0.0125, recorded_at: now(), model: 'example-model' }),
    await client.tell('metrics', ids, { step_count: steps.length, duration_ms: 20, recorded_at: now() }),
  ]
  say('told', { trace_id: ids.trace_id, statuses: told.map(({ status }) => status) })
  return 0
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    process.stderr.write(`${error instanceof Refused ? error.message : (error.stack ?? error)}\n`)
    process.exitCode = 1
  },
)
