import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { runSteps, StepFailed } from './step'

let printed: string[] = []

beforeEach(() => {
  printed = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
})

afterEach(() => void vi.restoreAllMocks())

const fine = (name: string, note?: string) => ({ name, run: async () => note })
const broken = (name: string) => ({
  name,
  run: async (): Promise<undefined> => {
    throw new StepFailed(`because of ${name}`)
  },
})

it('prints one line per step with its duration and note', async () => {
  expect(await runSteps([fine('one'), fine('two', 'reused')])).toBe(true)
  expect(printed).toEqual([
    expect.stringMatching(/^✓ one +0[.]0 s$/),
    expect.stringMatching(/^✓ two +0[.]0 s {2}reused$/),
  ])
})

it.each([1, 2])('stops at the first failure and says why, %i at once', async (atOnce) => {
  expect(await runSteps([fine('one'), broken('two'), fine('three'), fine('four'), fine('five')], atOnce)).toBe(false)
  expect(printed.some((line) => line.startsWith('✗ two'))).toBe(true)
  expect(printed.some((line) => line.includes('five'))).toBe(false)
  expect(printed.at(-1)).toBe('\nbecause of two\n')
})
