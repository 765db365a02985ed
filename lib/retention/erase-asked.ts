import type { Scope } from '@/lib/core/scope'
import { idsAsking, reduceTraces, staleBefore, type Taken, userNames, youngSince } from '@/lib/tracing'
import { digestOf } from './digest'
import { mayGoOn, type Pass, step } from './pass'
import { addTaken } from './tally'

const AT_ONCE = 100

/**
 * Evaluations ask again what a person said, in runs of their own: these keep what they came to and lose every word.
 * Before the person's own traces go, because they are what leads there.
 */
export const emptyAsked = async (scope: Scope, pass: Pass, userId: string): Promise<void> => {
  const user = userNames(scope, userId)
  let after = ''
  while (mayGoOn(pass)) {
    const ids = await idsAsking(scope, { ...user, after, most: AT_ONCE })
    const last = ids.at(-1)
    if (last === undefined) return
    const taken = await step<Taken>(scope, pass, async (db) => {
      const done = await reduceTraces(db, 'minimal', { ids, stale: staleBefore(scope), young: youngSince(scope) })
      if (done.ids.length === 0) return null
      const counts = { traces: done.ids.length, bytes: done.bytes, bodies: done.freed.bodies }
      return { value: done, part: { action: 'reduced', ...counts, ids_sha256: digestOf(done.ids) } }
    })
    if (taken) addTaken(pass.tally, 'reduce', taken)
    after = last
  }
}
