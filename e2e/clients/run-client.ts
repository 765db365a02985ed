import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export const CLIENTS = ['otlp-proto', 'otlp-json', 'ai-sdk', 'langfuse', 'traceloop'] as const
export type Client = (typeof CLIENTS)[number]

const DEADLINE_MS = 120_000

// Nothing but what each client's own manual says to set: where to send, and with which key.
const settingsOf = (client: Client, url: string, key: string): Record<string, string> => {
  if (client === 'langfuse')
    return { LANGFUSE_BASE_URL: url, LANGFUSE_PUBLIC_KEY: 'pk-lf-any', LANGFUSE_SECRET_KEY: key }
  if (client === 'traceloop') return { TRACELOOP_BASE_URL: url, TRACELOOP_API_KEY: key, TRACELOOP_TELEMETRY: 'false' }
  return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${key}` }
}

/** A program of its own that knows nothing of us, told by its surroundings where to send. */
export const runClient = async (client: Client, url: string, key: string): Promise<void> => {
  const env = {
    NODE_ENV: 'test' as const,
    PATH: process.env['PATH'] ?? '',
    NO_PROXY: '127.0.0.1',
    ...settingsOf(client, url, key),
  }
  const { stderr } = await promisify(execFile)(process.execPath, [`${client}.mjs`], {
    cwd: import.meta.dirname,
    env,
    timeout: DEADLINE_MS,
  })
  if (/error/i.test(stderr)) throw new Error(`${client}: ${stderr}`)
}
