import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import {
  deleteLooseEvents,
  dropFreeBodies,
  dropUnusedSnapshots,
  findLooseEvents,
  findUnusedSnapshots,
  freeBodies,
  NOTHING_FREED,
  youngSince,
} from '@/lib/tracing'
import { mayGoOn, type Pass, step } from './pass'
import { sweepRecords } from './sweep-records'
import { addFreed } from './tally'

const sweepSnapshots = async (scope: Scope, pass: Pass): Promise<void> => {
  while (mayGoOn(pass)) {
    const young = youngSince(scope)
    const hashes = await findUnusedSnapshots(scope, young)
    if (hashes.length === 0) return
    const done = await step(scope, pass, async (db) => {
      const value = await dropUnusedSnapshots(db, hashes, young)
      if (value.snapshots === 0) return null
      const { snapshots, bodies, bytes } = value
      return { value, part: { action: 'deleted', snapshots, bodies, bytes } }
    })
    if (done === null) return
    addFreed(pass.tally, done, done.snapshots)
  }
}

const sweepBodies = async (scope: Scope, pass: Pass): Promise<void> => {
  for await (const hashes of freeBodies(scope)) {
    if (!mayGoOn(pass)) return
    const young = youngSince(scope)
    const freed = await step(scope, pass, async (db) => {
      const value = await dropFreeBodies(db, hashes, young)
      if (value.bodies === 0) return null
      return { value, part: { action: 'deleted', bodies: value.bodies, bytes: value.bytes } }
    })
    if (freed) addFreed(pass.tally, { ...freed, young: 0 })
  }
}

const sweepEvents = async (scope: Scope, pass: Pass): Promise<void> => {
  while (mayGoOn(pass)) {
    const ids = await findLooseEvents(scope, dateOf(pass.plan.cutoff))
    if (ids.length === 0) return
    const bytes = await step(scope, pass, async (db) => {
      const value = await deleteLooseEvents(db, ids)
      return value === 0 ? null : { value, part: { action: 'deleted', loose_events: true, bytes: value } }
    })
    if (bytes === null) return
    addFreed(pass.tally, { ...NOTHING_FREED, bytes })
  }
}

/** What no trace holds any more: bundles, texts, what logs said of spans that never came; and records that are over. */
export const sweep = async (scope: Scope, pass: Pass): Promise<void> => {
  await sweepSnapshots(scope, pass)
  await sweepBodies(scope, pass)
  await sweepEvents(scope, pass)
  await sweepRecords(scope, pass)
}
