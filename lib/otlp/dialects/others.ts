import { type Reader, textOf } from '../claim'
import { type Said, saidFrom } from '../message-list'

// Where still others put what went in and what came out.
const anywhere =
  (...keys: readonly string[]): Reader<Said> =>
  ({ attributes }) => {
    const key = keys.find((name) => attributes[name] !== undefined && textOf(attributes[name]) !== null)
    return key === undefined ? null : { value: saidFrom(attributes[key]), by: key }
  }

export const otherSaidIn = anywhere(
  'mlflow.spanInputs',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.tool_call_args',
  'lk.chat_ctx',
  'lk.user_input',
)

export const otherSaidOut = anywhere(
  'mlflow.spanOutputs',
  'gcp.vertex.agent.llm_response',
  'gcp.vertex.agent.tool_response',
  'lk.response.text',
)
