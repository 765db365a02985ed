import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AnyValue, type KeyValue, type SpanMessage, TraceRequest } from '@/lib/otlp/messages'

export type Collected = { url: string; headers: IncomingHttpHeaders; bytes: Buffer }

export type Collector = {
  url: string
  received: Collected[]
  // The next answers, in order; afterwards every request is taken.
  answer(...statuses: number[]): void
  close(): Promise<void>
}

/** A collector on loopback that keeps what it is sent. */
export const startCollector = async (): Promise<Collector> => {
  const received: Collected[] = []
  const statuses: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ url: request.url ?? '', headers: request.headers, bytes: Buffer.concat(chunks) })
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (...next) => void statuses.push(...next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const plain = (value: AnyValue | null | undefined): unknown => {
  if (value?.arrayValue) return (value.arrayValue.values ?? []).map(plain)
  if (value?.intValue !== undefined && value.intValue !== null) return Number(String(value.intValue))
  return value?.stringValue ?? value?.boolValue ?? value?.doubleValue ?? null
}

export const plainAttributes = (list: readonly KeyValue[] | null | undefined): Record<string, unknown> =>
  Object.fromEntries((list ?? []).map(({ key, value }) => [String(key), plain(value)]))

const hex = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('hex')

const plainSpan = (span: SpanMessage & { kind?: number | null }) => ({
  trace: hex(span.traceId),
  id: hex(span.spanId),
  parent: hex(span.parentSpanId),
  name: span.name ?? '',
  kind: span.kind ?? 0,
  start: String(span.startTimeUnixNano),
  end: String(span.endTimeUnixNano),
  status: span.status?.code ?? 0,
  message: span.status?.message ?? '',
  attributes: plainAttributes(span.attributes),
})

/** What was sent, read by the protocol's own definitions. */
export const collectedSpans = (bytes: Uint8Array) => {
  const [group] = TraceRequest.decode(bytes).resourceSpans ?? []
  const [inner] = group?.scopeSpans ?? []
  return {
    resource: plainAttributes(group?.resource?.attributes),
    schemaUrl: inner?.schemaUrl,
    spans: (inner?.spans ?? []).map(plainSpan),
  }
}
