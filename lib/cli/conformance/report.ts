import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { xml } from '../junit'
import { needs } from './expect'

export type Result = { name: string; status: 'passed' | 'failed' | 'skipped'; error?: string }
export type Report = { baseUrl: string; passed: number; failed: number; results: readonly Result[] }

const MARKS = { passed: '✓', failed: '✗', skipped: '-' }

// A line that was skipped because another failed is not the news; that other one is.
const rootCausesOf = (results: readonly Result[]): string[] =>
  results.flatMap(({ name, status, error = '' }) => {
    const hidden = results.filter((one) => one.status === 'skipped' && one.error === needs(name)).length
    if (status !== 'failed' || hidden === 0) return []
    return [`Begin with "${name}": ${error}. Of ${hidden} further lines nothing can be said before it passes.`]
  })

export const tableOf = ({ baseUrl, passed, failed, results }: Report): string[] => {
  const width = Math.max(...results.map(({ name }) => name.length))
  const skipped = results.length - passed - failed
  return [
    `Conformance of ${baseUrl} with contract v1`,
    '',
    ...results.map(({ name, status, error }) =>
      `  ${MARKS[status]} ${name.padEnd(width)}  ${status.padEnd(7)}  ${error ?? ''}`.trimEnd(),
    ),
    '',
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
    ...rootCausesOf(results),
  ]
}

const caseOf = ({ name, status, error = '' }: Result): string => {
  const open = `    <testcase classname="conformance" name="${xml(name)}"`
  if (status === 'passed') return `${open}/>`
  const told = status === 'failed' ? `failure message="${xml(error)}"` : `skipped message="${xml(error)}"`
  return `${open}>\n      <${told}/>\n    </testcase>`
}

export const junitOf = ({ passed, failed, results }: Report): string => {
  const counts = `tests="${results.length}" failures="${failed}" errors="0" skipped="${results.length - passed - failed}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="clasper conformance" ${counts}>`,
    ...results.map(caseOf),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

export const writeReport = (folder: string, report: Report): string[] => {
  mkdirSync(folder, { recursive: true })
  const files = { 'conformance.json': `${JSON.stringify(report, null, 2)}\n`, 'junit.xml': junitOf(report) }
  return Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  })
}
