import { kernel } from '@/lib/core/kernel'

export type ExportTarget = { url: string; headers: Record<string, string>; isJson: boolean; hasTexts: boolean }

const PATH = '/v1/traces'

const headersOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).trim().toLowerCase(), decodeURIComponent(pair.slice(at + 1).trim())]
      }),
  )

/** Where runs are sent to, or null: nothing leaves unless somebody said where to. */
export const exportTarget = (): ExportTarget | null => {
  const { env } = kernel()
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (base === '') return null
  return {
    url: `${base.replace(/\/+$/, '')}${PATH}`,
    headers: headersOf(env.OTEL_EXPORTER_OTLP_HEADERS),
    isJson: env.OTEL_EXPORTER_OTLP_PROTOCOL === 'http/json',
    hasTexts: env.CLASPER_OTEL_CONTENT,
  }
}
