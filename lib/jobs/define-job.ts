import type { z } from 'zod'
import type { MutateDb, Mutation, Scope } from '@/lib/core/scope'
import type { Backoff } from './backoff'

export type JobContext = {
  id: string
  attempt: number
  // Aborted when the time is up, the lease is lost or the server leaves.
  signal: AbortSignal
  // The job's last write: it commits together with the job being done, or not at all.
  finish<T>(about: Mutation<T>, work: (db: MutateDb) => Promise<T>): Promise<T>
  // For jobs of the service that look after every tenant.
  inTenant(tenantId: string): Scope
}

type Definition<P extends z.ZodType> = {
  kind: string
  means: string
  payload: P
  timeoutMs: number
  backoff?: Backoff
  // A recurring job: once per slot of so many seconds over all instances, in tenant "system".
  everySeconds?: () => number
  maxAttempts?: number
  run(scope: Scope, payload: z.output<P>, job: JobContext): Promise<void>
}

export type JobDefinition = Omit<Definition<z.ZodType>, 'payload' | 'run'> & {
  start(scope: Scope, payload: unknown, job: JobContext): Promise<void>
}

const BRAND = Symbol.for('clasper.give-up')

// Trying again would not help: straight to the dead letters.
export const giveUp = (message: string): Error => Object.assign(new Error(message), { [BRAND]: true })

export const isGivenUp = (error: unknown): boolean => typeof error === 'object' && error !== null && BRAND in error

export const defineJob = <P extends z.ZodType>({ payload: schema, run, ...rest }: Definition<P>): JobDefinition => ({
  ...rest,
  start: async (scope, payload, job) => {
    const parsed = schema.safeParse(payload)
    if (!parsed.success) {
      const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      throw giveUp(`The payload does not fit: ${faults.join('; ')}`)
    }
    await run(scope, parsed.data, job)
  },
})
