'use client'

import { CodeBlock } from '@/components/ui/code-block'
import type { Endpoint } from './openapi'
import { noteOf, type SchemaLine, schemaLines, typeOf } from './schema-lines'
import { SchemaTable } from './schema-table'

const parameterLines = (endpoint: Endpoint): SchemaLine[] =>
  endpoint.parameters.map((parameter) => ({
    path: `${parameter.in}.${parameter.name}`,
    depth: 0,
    name: parameter.name,
    type: typeOf(parameter.schema),
    required: parameter.required,
    note: [`in ${parameter.in}`, noteOf(parameter.schema)].filter(Boolean).join(' · '),
  }))

const credentialOf = (path: string): string =>
  path.startsWith('/ops/') ? "-H 'Authorization: Bearer $TOKEN'" : "-H 'X-Agent-Daemon-Key: $CLASPER_KEY'"

const curlOf = (endpoint: Endpoint): string =>
  [
    `curl ${endpoint.method === 'GET' ? '' : `-X ${endpoint.method} `}${credentialOf(endpoint.path)}`.replaceAll(
      "'",
      '"',
    ),
    ...(endpoint.requestBody ? [`  -H "Content-Type: application/json" -d '{ … }'`] : []),
    `  "$CLASPER_URL${endpoint.path}"`,
  ].join(' \\\n')

const firstOf = (content: Record<string, { schema?: unknown }> | undefined) => Object.entries(content ?? {})[0]

export const EndpointBody = ({ endpoint }: { endpoint: Endpoint }) => {
  const parameters = parameterLines(endpoint)
  const body = firstOf(endpoint.requestBody?.content)
  return (
    <div className="grid max-w-4xl gap-5">
      <p className="text-prose">
        {endpoint.summary}. <span className="text-ink-muted">{endpoint.description.replaceAll('`', '')}</span>
      </p>
      {parameters.length > 0 ? <SchemaTable title="Parameters" lines={parameters} /> : null}
      {body ? (
        <SchemaTable
          title={`Body, ${body[0]}`}
          lines={schemaLines(body[1].schema)}
          otherwise={typeOf(body[1].schema)}
        />
      ) : null}
      <Replies endpoint={endpoint} />
      <CodeBlock label="Call it" code={curlOf(endpoint)} />
    </div>
  )
}

const Replies = ({ endpoint }: { endpoint: Endpoint }) => {
  const all = Object.entries(endpoint.responses)
  const done = all.find(([status]) => /^[23]/.test(status))
  const content = firstOf(done?.[1].content)
  return (
    <>
      {done && content ? (
        <SchemaTable
          title={`Reply ${done[0]}, ${content[0]}`}
          lines={schemaLines(content[1].schema)}
          otherwise={typeOf(content[1].schema)}
        />
      ) : null}
      <SchemaTable
        title="Refusals"
        lines={all
          .filter(([status]) => !/^[23]/.test(status))
          .map(([status, reply]) => ({
            path: status,
            depth: 0,
            name: status,
            type: '',
            required: true,
            note: reply.description.replaceAll('`', ''),
          }))}
        otherwise="None of its own"
      />
    </>
  )
}
