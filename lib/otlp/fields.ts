import { type Claim, firstText } from './claim'
import type { RawSpan } from './raw-span'

// Fields that are one text: the attributes that may say it, the strongest first.
export const TEXT_FIELDS = {
  sessionId: [
    'langfuse.session.id',
    'session.id',
    'gen_ai.conversation.id',
    'langfuse.trace.metadata.langfuse_session_id',
    'langfuse.observation.metadata.langfuse_session_id',
    'ai.telemetry.metadata.sessionId',
    'traceloop.association.properties.session_id',
  ],
  userId: ['user.id', 'langfuse.user.id', 'ai.telemetry.metadata.userId', 'traceloop.association.properties.user_id'],
  requestModel: [
    'gen_ai.request.model',
    'ai.model.id',
    'llm.request.model',
    'llm.model_name',
    'langfuse.observation.model.name',
    'embedding.model_name',
    'reranker.model_name',
    'model',
  ],
  responseModel: [
    'langfuse.observation.model.name',
    'gen_ai.response.model',
    'ai.response.model',
    'llm.response.model',
    'ai.model.id',
    'gen_ai.request.model',
    'llm.model_name',
    'embedding.model_name',
    'reranker.model_name',
    'model',
  ],
  responseId: ['gen_ai.response.id', 'ai.response.id', 'llm.response.id'],
  agentId: ['gen_ai.agent.id', 'agent.id'],
  agentName: ['gen_ai.agent.name', 'agent.name', 'ai.telemetry.functionId'],
  agentVersion: ['gen_ai.agent.version'],
  workflow: ['gen_ai.workflow.name', 'traceloop.workflow.name'],
  promptName: ['langfuse.observation.prompt.name', 'gen_ai.prompt.name', 'traceloop.prompt.key'],
  promptVersion: [
    'langfuse.observation.prompt.version',
    'gen_ai.prompt.version',
    'traceloop.prompt.version',
    'llm.prompt_template.version',
  ],
  skillName: ['gen_ai.skill.name'],
  skillVersion: ['gen_ai.skill.version'],
  environment: ['clasper.environment', 'langfuse.environment', 'deployment.environment.name'],
  release: ['langfuse.release', 'langfuse.version'],
  traceName: ['langfuse.trace.name'],
  toolName: ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name'],
  toolType: ['gen_ai.tool.type'],
  toolCallId: ['gen_ai.tool.call.id', 'ai.toolCall.id', 'tool.id', 'tool_call.id'],
  errorType: ['error.type'],
} as const satisfies Record<string, readonly string[]>

export type TextField = keyof typeof TEXT_FIELDS

// Said of the process that sent the span, where the span itself says nothing.
const OF_RESOURCE: Partial<Record<TextField, readonly string[]>> = {
  sessionId: ['session.id'],
  userId: ['user.id'],
  environment: ['clasper.environment', 'langfuse.environment', 'deployment.environment.name', 'deployment.environment'],
  release: ['langfuse.release', 'service.version'],
}

const atResource = (span: RawSpan, field: TextField): Claim<string> | null => {
  const keys = OF_RESOURCE[field]
  const claim = keys === undefined ? null : firstText(span.resource, keys)
  return claim === null ? null : { ...claim, by: `resource ${claim.by}` }
}

export const readText = (span: RawSpan, field: TextField): Claim<string> | null =>
  firstText(span.attributes, TEXT_FIELDS[field]) ?? atResource(span, field)
