import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type SkillTestReport, testSkill } from '@/lib/skills/contract'
import { plain } from '../approvals/show'
import { DONE, FAILED, type Terminal } from '../command'
import { junitOf } from '../junit'
import { ask, type Door } from '../workspace/server'
import { jsonBody } from './skill-door'

export type TestWish = {
  name: string
  version: string | undefined
  options: object
  junit: string | undefined
  json: boolean
}

type Result = SkillTestReport['results'][number]

const whyOf = ({ diff, error }: Result): string => (diff ?? [error ?? 'failed']).join('; ')

const linesOf = ({ results, pass_count, fail_count, total_cost, model }: SkillTestReport): string[] => {
  const width = Math.max(4, ...results.map(({ test_name: name }) => name.length))
  return [
    ...results.flatMap((result) => [
      `  ${result.passed ? '✓' : '✗'} ${plain(result.test_name).padEnd(width)}  ${result.duration_ms} ms`,
      ...(result.passed ? [] : [`      ${plain(whyOf(result))}`]),
    ]),
    '',
    `${pass_count} passed, ${fail_count} failed, ${total_cost.toFixed(6)} USD, ${plain(model)}`,
  ]
}

const reportOf = ({ skill_name, skill_version, results }: SkillTestReport): string =>
  junitOf(
    'clasper skill test',
    results.map((result) => ({
      classname: `${skill_name}@${skill_version}`,
      name: result.test_name,
      ...(result.passed ? {} : { failure: whyOf(result) }),
    })),
  )

/** The tests of a version, on the server that has it: its exit code is their outcome. */
export const test = async (door: Door, wish: TestWish, { out }: Terminal): Promise<number> => {
  const { name, version, options, junit, json } = wish
  const path = `/registry/${encodeURIComponent(name)}/test`
  const query = version === undefined ? {} : { version }
  const reply = await ask(door, { path, query, ...jsonBody(options) }, testSkill.reply)
  if (json) out(JSON.stringify(reply))
  else {
    out(`${name}@${reply.version}`)
    for (const line of linesOf(reply.result)) out(line)
  }
  if (junit !== undefined) {
    mkdirSync(dirname(junit), { recursive: true })
    writeFileSync(junit, reportOf(reply.result))
  }
  return reply.status === 'passed' ? DONE : FAILED
}
