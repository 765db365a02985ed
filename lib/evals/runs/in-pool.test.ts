import { expect, it } from 'vitest'
import { inPool } from './in-pool'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

const played = async (width: number, isEarly: boolean) => {
  const waiting = [1, 2, 3, 4, 5, 6]
  const seen = { asked: 0, most: 0, ending: 0, together: 0, done: 0 }
  await inPool({
    width: () => width,
    next: async () => waiting.shift() ?? null,
    work: async (_item, free) => {
      seen.most = Math.max(seen.most, ++seen.asked)
      seen.together = Math.max(seen.together, seen.ending)
      await turn()
      seen.asked--
      seen.ending++
      if (isEarly) free()
      await turn()
      await turn()
      seen.ending--
      seen.done++
    },
    mayBegin: () => true,
  })
  return seen
}

it.each([1, 3])(
  'a place that is given free lets the next one begin, and everything is waited for (%i at once)',
  async (width) => {
    expect(await played(width, true)).toMatchObject({ most: width, done: 6 })
    expect((await played(width, true)).together).toBeGreaterThan(0)
    expect(await played(1, false)).toMatchObject({ most: 1, together: 0, done: 6 })
  },
)

it('what fails after it gave its place free fails the whole', async () => {
  const waiting = [1, 2, 3]
  const work = async (item: number, free: () => void) => {
    free()
    await turn()
    if (item === 1) throw new Error('late')
  }
  const ways = { width: () => 1, next: async () => waiting.shift() ?? null, work, mayBegin: () => true }
  await expect(inPool(ways)).rejects.toThrow('late')
})
