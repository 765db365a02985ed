import { expect, it } from 'vitest'
import { parseEnv } from './env'
import { testSurroundings } from './testing/kernel'

const parsed = (extra: Record<string, string>) => parseEnv(testSurroundings('file::memory:', extra))
const headers = (OTEL_EXPORTER_OTLP_HEADERS: string) => () => parsed({ OTEL_EXPORTER_OTLP_HEADERS })

it.each(['', 'a=b', 'authorization=Basic%20YTpi, x-key=1', 'x=a=b', 'a=b,'])('takes the headers %j', (value) => {
  expect(headers(value)).not.toThrow()
})

it.each(['nonsense', '=b', 'a b=c', 'a=%zz', 'a=b\r\nhost: evil', 'a=b%0d%0ahost:evil', 'a=%E2%82%AC', 'a=b,c'])(
  'refuses the headers %j at the start',
  (value) => {
    expect(headers(value)).toThrow('OTEL_EXPORTER_OTLP_HEADERS')
  },
)

it('sends nothing and no text unless asked to, and speaks no gRPC', () => {
  expect(parsed({})).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: '', CLASPER_OTEL_CONTENT: false })
  expect(() => parsed({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toThrow('OTEL_EXPORTER_OTLP_PROTOCOL')
  expect(() => parsed({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT')
})
