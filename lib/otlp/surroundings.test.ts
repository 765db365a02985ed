import { expect, it } from 'vitest'
import { describeEachDialect } from '@/lib/core/testing/database'
import { useKernel } from '@/lib/core/testing/kernel'
import { chat, idsToBytes, type Plain, text } from '@/lib/core/testing/otlp-spans'
import { decodeTraces } from './decode-traces'
import { TraceRequest } from './messages'

const LONG = 'x'.repeat(200_000)

const request = (): Plain => ({
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'shop'), text('motd', LONG)] },
      scopeSpans: [
        {
          scope: { name: LONG, version: LONG },
          spans: [{ ...chat('0a'.repeat(16), { spanId: '0b'.repeat(8) }), status: { code: 2, message: LONG } }],
        },
      ],
    },
  ],
})

describeEachDialect('what surrounds many spans', (dialect) => {
  useKernel(dialect)

  it('is dealt with for each of them, so it is short or it is left out', () => {
    const json = Buffer.from(JSON.stringify(request()))
    const proto = TraceRequest.encode(TraceRequest.fromObject(idsToBytes(request()) as object)).finish()
    for (const [bytes, encoding] of [
      [json, 'json'],
      [proto, 'protobuf'],
    ] as const) {
      const [placed] = decodeTraces(bytes, encoding).spans
      expect(placed?.span.flags).toContain('resource_too_large')
      expect(Object.keys(placed?.span.resource ?? { none: 1 })).toEqual([])
      expect(placed?.span.scope.name.length).toBe(1_000)
      expect(JSON.stringify(placed?.span.status).length).toBeLessThan(70_000)
    }
  })
})
