import { z } from 'zod'
import type { Contract, Guard } from '@/lib/shared/contract'
import { PROBLEMS, type ProblemCode } from '@/lib/shared/problem'
import { rolesWith } from '@/lib/shared/rbac'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return rest
}

const SECURITY: Record<Guard['kind'], Json[]> = {
  public: [],
  service: [{ serviceKey: [] }, { serviceBearer: [] }],
  ops: [{ operatorBearer: [] }, { operatorSession: [] }],
  agent: [{ agentToken: [] }],
  internal: [{ internalToken: [] }],
  adapter: [{ adapterToken: [] }],
  ingest: [{ serviceBearer: [] }, { ingestBasic: [] }, { ingestHeader: [] }, { serviceKey: [] }],
  anyone: [
    { serviceKey: [] },
    { serviceBearer: [] },
    { operatorBearer: [] },
    { operatorSession: [] },
    { agentToken: [] },
    { internalToken: [] },
  ],
}

const SCHEMES = {
  serviceKey: { type: 'apiKey', in: 'header', name: 'X-Agent-Daemon-Key' },
  serviceBearer: { type: 'http', scheme: 'bearer', description: 'API key (clk_…) or tenant token' },
  ingestBasic: { type: 'http', scheme: 'basic', description: 'Any user name, and an API key as its password' },
  ingestHeader: { type: 'apiKey', in: 'header', name: 'x-clasper-key', description: 'Also as x-api-key' },
  operatorBearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'OpenID Connect access token' },
  operatorSession: { type: 'apiKey', in: 'cookie', name: 'next-auth.session-token' },
  agentToken: { type: 'apiKey', in: 'header', name: 'X-Agent-Token' },
  internalToken: { type: 'apiKey', in: 'header', name: 'X-Internal-Token' },
  adapterToken: { type: 'apiKey', in: 'header', name: 'X-Adapter-Token' },
}

const needs = (guard: Guard): string => {
  if (guard.kind === 'public') return 'Needs no credential.'
  if (guard.kind === 'service') return `Needs a service credential with scope \`${guard.scope}\`.`
  if (guard.kind === 'ops' && guard.permission) {
    return `Needs permission \`${guard.permission}\` (${rolesWith(guard.permission).join(', ')}).`
  }
  return {
    ops: 'Needs a signed-in operator.',
    agent: 'Needs an agent token.',
    internal: 'Needs the internal token.',
    adapter: 'Needs an adapter token.',
    ingest: 'Needs an API key with scope `ingest`.',
    anyone: 'Needs any credential.',
  }[guard.kind]
}

const parametersOf = (schema: z.ZodObject | undefined, where: 'path' | 'query'): Json[] => {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as { properties?: Json; required?: string[] }
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: shape,
  }))
}

const MEDIA = {
  json: 'application/json',
  html: 'text/html',
  text: 'text/plain',
  redirect: 'text/plain',
  download: 'application/octet-stream',
  stream: 'text/event-stream',
}

const anyOf = (accepts: readonly string[]): Json => Object.fromEntries(accepts.map((media) => [media, { schema: {} }]))

const contentOf = (contract: Contract): Json => {
  if (contract.stream)
    return {
      'text/event-stream': {
        schema: { type: 'string', description: `Events: ${Object.keys(contract.stream).join(', ')}` },
      },
    }
  if (contract.raw && !contract.body) return anyOf(contract.raw.accepts)
  const media = MEDIA[contract.replyType ?? 'json']
  return { [media]: { schema: contract.reply ? schemaOf(contract.reply, 'output') : { type: 'string' } } }
}

const codesOf = (contract: Contract): ProblemCode[] => {
  const codes: ProblemCode[] = ['rate_limit_exceeded', 'internal_error']
  if (contract.query || contract.body || contract.raw || contract.params) codes.push('invalid_request')
  if (contract.body || contract.raw) codes.push('payload_too_large', 'unsupported_media_type')
  if (contract.params) codes.push('not_found')
  if (contract.guard.kind === 'service') codes.push('missing_credentials', 'invalid_daemon_key', 'tenant_access_denied')
  if (contract.guard.kind === 'ingest') codes.push('missing_credentials', 'permission_denied', 'unavailable')
  if (contract.guard.kind === 'adapter')
    codes.push('missing_token', 'invalid_token', 'adapter_disabled', 'tenant_access_denied')
  if (contract.guard.kind === 'ops') codes.push('missing_token', 'permission_denied', 'tenant_access_denied')
  return codes
}

const failuresOf = (contract: Contract): Json => {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codesOf(contract))
    byStatus.set(PROBLEMS[code].status, [...(byStatus.get(PROBLEMS[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].text}`).join(' '),
        content:
          contract.raw && !contract.body
            ? anyOf(contract.raw.accepts)
            : { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const bodyOf = (contract: Contract): Json => {
  const raw = contract.raw ? anyOf(contract.raw.accepts) : {}
  if (!contract.body) return contract.raw ? { requestBody: { content: raw } } : {}
  const schema = schemaOf(contract.body, 'input')
  if (contract.bodyType === 'document')
    return {
      requestBody: {
        content: { 'application/json': { schema }, 'application/yaml': { schema }, ...anyOf(['text/markdown']) },
      },
    }
  const media = contract.bodyType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  return { requestBody: { content: { [media]: { schema }, ...raw } } }
}

const operationId = ({ method, path }: Contract): string =>
  `${method.toLowerCase()}${path
    .replace(/[{}]/g, '')
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join('')}`

const operationOf = (contract: Contract): Json => ({
  operationId: operationId(contract),
  summary: contract.summary,
  description: needs(contract.guard),
  tags: [contract.tag ?? 'other'],
  security: SECURITY[contract.guard.kind],
  ...(contract.guard.kind === 'ops' && contract.guard.permission ? { 'x-permission': contract.guard.permission } : {}),
  ...(contract.guard.kind === 'service' ? { 'x-scope': contract.guard.scope } : {}),
  parameters: [...parametersOf(contract.params, 'path'), ...parametersOf(contract.query, 'query')],
  ...bodyOf(contract),
  responses: {
    [String(contract.status ?? (contract.replyType === 'redirect' ? 303 : 200))]: {
      description: 'Done',
      content: contentOf(contract),
    },
    ...(contract.acceptedWhen
      ? {
          202: {
            description: `status is ${contract.acceptedWhen}: the rest comes later`,
            content: contentOf(contract),
          },
        }
      : {}),
    ...failuresOf(contract),
  },
})

const PROBLEM = {
  type: 'object',
  required: ['error', 'code', 'request_id'],
  properties: {
    error: { type: 'string', description: 'A sentence for people' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    details: { type: 'object', additionalProperties: true },
    request_id: { type: 'string', format: 'uuid' },
  },
}

// A module names its exports in an order that depends on who loaded it.
const placeOf = ({ path, method }: Contract): string => `${path} ${method}`

export const openApiOf = (contracts: readonly Contract[], version: string): Json => {
  const paths: Record<string, Json> = {}
  for (const contract of [...contracts].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    paths[contract.path] = { ...paths[contract.path], [contract.method.toLowerCase()]: operationOf(contract) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Clasper', version, description: 'Run AI agents in production and stay in charge of them.' },
    servers: [{ url: '/' }],
    paths,
    components: { securitySchemes: SCHEMES, schemas: { Problem: PROBLEM } },
  }
}
