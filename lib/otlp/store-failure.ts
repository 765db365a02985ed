import { isProblem, Problem } from '@/lib/shared/problem'

const AGAIN = { 'retry-after': '5' }

// What the store could not keep is not acknowledged: clients send it again.
export const storing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isProblem(error)) throw error
    throw new Problem('unavailable', 'The spans could not be stored; try again.', undefined, {
      cause: error,
      headers: AGAIN,
    })
  }
}
