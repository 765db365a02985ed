import { expect, it } from 'vitest'
import { closingLine, sum, tallyOfPlaywright, tallyOfVitest, withExit } from './tally'

it('counts a skipped test and an unloadable file as failed', () => {
  const file = (status: string, tests: number) => ({ status, assertionResults: Array.from({ length: tests }) })
  const testResults = [file('passed', 5), file('failed', 2), file('failed', 0)]
  expect(tallyOfVitest({ numPassedTests: 5, numTotalTests: 7, testResults })).toEqual({ passed: 5, failed: 3 })
  expect(tallyOfVitest({ numPassedTests: 5, numTotalTests: 5, testResults: [file('passed', 5)] }).failed).toBe(0)
})

it('counts skipped journeys and errors outside of tests as failed, a second try as what it ended as', () => {
  const stats = { expected: 4, unexpected: 1, skipped: 2, flaky: 1 }
  expect(tallyOfPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3 })
  expect(tallyOfPlaywright({ stats: { ...stats, unexpected: 0, skipped: 0, flaky: 0 }, errors: [{}] }).failed).toBe(1)
})

it('never lets a stage that broke or ran nothing look green', () => {
  expect(withExit({ passed: 3, failed: 0 }, 0)).toEqual({ passed: 3, failed: 0 })
  expect(withExit({ passed: 3, failed: 0 }, 1)).toEqual({ passed: 3, failed: 1 })
  expect(withExit({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 })
  expect(withExit({ passed: 3, failed: 2 }, 1)).toEqual({ passed: 3, failed: 2 })
})

it('closes with the plain line', () => {
  expect(
    closingLine(
      sum([
        { passed: 3, failed: 0 },
        { passed: 2, failed: 1 },
      ]),
    ),
  ).toBe('5 passed, 1 failed')
})
