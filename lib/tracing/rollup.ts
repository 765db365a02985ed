import type { CommandWrite } from '@/lib/core/writer'
import { addSums, takeSums } from './sql-rollup'

const rowsOf = (ids: readonly string[]) => ids.map((id) => ({ id }))

// What ended counts in the sums of its hour. A change of what has ended is take, change, add, in one command.
export const addToRollup = (...ids: readonly string[]): CommandWrite => ({ statement: addSums, rows: rowsOf(ids) })
export const takeFromRollup = (...ids: readonly string[]): CommandWrite => ({ statement: takeSums, rows: rowsOf(ids) })

const PER_DOUBLING = 4

// Durations that differ by less than a fifth are counted together: what percentiles are read from.
export const durationBucketOf = (ms: number): number => Math.round(PER_DOUBLING * Math.log2(Math.max(0, ms) + 1))
export const durationOfBucket = (bucket: number): number => Math.round(2 ** (bucket / PER_DOUBLING) - 1)
