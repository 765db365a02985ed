export type Tally = { passed: number; failed: number }

export const NONE: Tally = { passed: 0, failed: 0 }

export const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }), NONE)

type Vitest = {
  numPassedTests: number
  numTotalTests: number
  testResults: { status: string; assertionResults: unknown[] }[]
}

// What did not pass has failed: a skipped test proves nothing, and a file that could not be loaded counts once.
export const tallyOfVitest = ({ numPassedTests, numTotalTests, testResults }: Vitest): Tally => {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return { passed: numPassedTests, failed: numTotalTests - numPassedTests + broken.length }
}

type Playwright = {
  stats: { expected: number; unexpected: number; skipped: number; flaky: number }
  errors: unknown[]
}

// A second try exists in CI alone; the reporter names each test that needed it.
export const tallyOfPlaywright = ({ stats, errors }: Playwright): Tally => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected + stats.skipped + (stats.unexpected === 0 && stats.flaky === 0 ? errors.length : 0),
})

// A stage that counted nothing proved nothing, and one that ended badly cannot be all green.
export const withExit = (tally: Tally, code: number): Tally => {
  if (tally.failed > 0) return tally
  return code !== 0 || tally.passed === 0 ? { ...tally, failed: 1 } : tally
}

export const closingLine = ({ passed, failed }: Tally) => `${passed} passed, ${failed} failed`
