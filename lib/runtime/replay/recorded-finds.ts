import { z } from 'zod'
import type { KnownFinds } from '@/lib/tracing'
import type { RecordedRun } from './recorded-run'

const Kinds = z.object({ found: z.array(z.string()) })
const Risk = z.object({ risk: z.object({ inputs: Kinds }) })

const kindsOf = (data: unknown): string[] => Kinds.safeParse(data).data?.found ?? []

/** What redaction found in each recorded step. */
export const findsOf = ({ record }: RecordedRun): KnownFinds => {
  const bySeq = new Map(record.steps.map(({ seq, data }) => [seq, kindsOf(data)]))
  return (seq) => bySeq.get(seq) ?? []
}

/** What it found in the question, before a model was asked. */
export const foundBeforeRun = ({ record }: RecordedRun): string[] =>
  Risk.safeParse(record.inputs).data?.risk.inputs.found ?? []

export const foundIn = ({ record }: RecordedRun): string[] => record.steps.flatMap(({ data }) => kindsOf(data))
