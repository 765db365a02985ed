import { uuidv7 } from '@/lib/shared/id'
import { kernel } from '../kernel'
import { systemWrite } from '../system-db'

type Sample = Parameters<Parameters<Parameters<typeof systemWrite>[0]>[0]['client']['trace']['create']>[0]['data']

export type SampleTrace = Omit<
  Partial<Sample>,
  'tenantId' | 'labels' | 'text' | 'steps' | 'content' | 'annotations'
> & {
  labels?: Readonly<Record<string, string>>
  text?: string
  inputs?: object
  outcome?: object
}

const BASE = Date.parse('2026-03-01T12:00:00.000Z')

const rowOf = (tenantId: string, id: string, startedAt: Date, over: object) => ({
  tenantId,
  id,
  executionId: id,
  workspaceId: 'default',
  environment: 'production',
  kind: 'send',
  actor: 'test',
  status: 'success',
  startedAt,
  leaseUntil: startedAt,
  completedAt: startedAt,
  durationMs: 100,
  promptSource: 'workspace',
  provider: 'openai',
  model: 'gpt-4o',
  ...over,
})

/** A trace as it stands in the tables, `ageMs` before noon of the first of March. */
export const putTrace = async (tenantId: string, over: SampleTrace = {}, ageMs = 0): Promise<string> => {
  const { labels = {}, text, inputs, outcome, ...plain } = over
  const startedAt = plain.startedAt instanceof Date ? plain.startedAt : new Date(BASE - ageMs)
  const id = plain.id ?? uuidv7(kernel().clock.now().getTime())
  await systemWrite(async ({ client }) => {
    await client.trace.create({ data: rowOf(tenantId, id, startedAt, plain) })
    await client.traceLabel.createMany({
      data: Object.entries(labels).map(([key, value]) => ({ tenantId, traceId: id, key, value, startedAt })),
    })
    if (text !== undefined) await client.traceText.create({ data: { tenantId, traceId: id, text } })
    if (inputs !== undefined || outcome !== undefined)
      await client.traceContent.create({
        data: {
          tenantId,
          traceId: id,
          inputs: JSON.stringify(inputs ?? {}),
          outcome: outcome === undefined ? null : JSON.stringify(outcome),
        },
      })
  })
  return id
}

/** Many that differ in their ids and, by a millisecond each of three, in their begin. */
export const putTraces = async (tenantId: string, count: number, over: SampleTrace = {}): Promise<string[]> => {
  const { labels: _, text: __, inputs: ___, outcome: ____, ...plain } = over
  const ids = Array.from({ length: count }, () => uuidv7(kernel().clock.now().getTime()))
  await systemWrite(({ client }) =>
    client.trace.createMany({ data: ids.map((id, at) => rowOf(tenantId, id, new Date(BASE - (at % 3)), plain)) }),
  )
  return ids
}
