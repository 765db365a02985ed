import { type EvalReply, type EvalSummary, listEvals } from '@/lib/evals/contract'
import { isUuid } from '@/lib/shared/id'
import { ask, type Door } from '../workspace/server'

const VERSION = /^[0-9a-f]{8,64}$/i

const newest = async (door: Door, query: Record<string, string>, but: string): Promise<EvalSummary | undefined> => {
  const { results } = await ask(door, { path: '', query: { ...query, limit: '20' } }, listEvals.reply)
  return results.find(({ id, state }) => id !== but && state === 'completed')
}

/** The evaluation to compare with: by its id, by the version that it was of, or the one before. */
export const baselineOf = async (door: Door, named: string, current: EvalReply): Promise<string> => {
  if (isUuid(named)) return named
  const { dataset_name, workspace_id } = current.result
  const query = { dataset_name, workspace_id }
  const isVersion = VERSION.test(named)
  const found = await newest(door, isVersion ? { ...query, version_hash: named } : query, current.id)
  if (found) return found.id
  throw new Error(
    isVersion
      ? `No completed evaluation of version ${named} on ${dataset_name} is known.`
      : `No earlier evaluation of ${dataset_name} has been completed.`,
  )
}
