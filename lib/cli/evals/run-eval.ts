import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Comparison, compareEvals, type EvalReply, getEval, runEval } from '@/lib/evals/contract'
import { DONE, FAILED, type Terminal } from '../command'
import { ask, type Door } from '../workspace/server'
import { baselineOf } from './baseline'
import { comparisonLines, evalJunit, evalLines } from './show-eval'

export const FAIL_ON = ['failure', 'regression', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export type EvalWish = {
  body: object
  baseline: string | undefined
  failOn: FailOn
  junit: string | undefined
  json: boolean
}

const LOOK_MS = 500
const ALL_CASES = { limit: '10000' }

const sent = (body: object): { body: Uint8Array; type: string } => ({
  body: new TextEncoder().encode(JSON.stringify(body)),
  type: 'application/json',
})

const isOver = ({ state }: EvalReply): boolean => state === 'completed' || state === 'cancelled' || state === 'stopped'

const follow = async (door: Door, id: string, terminal: Terminal, signal: AbortSignal): Promise<EvalReply> => {
  let told = -1
  for (;;) {
    const reply = await ask(door, { path: `/${id}`, query: { limit: '1' } }, getEval.reply)
    if (isOver(reply)) return ask(door, { path: `/${id}`, query: ALL_CASES }, getEval.reply)
    const done = reply.summary.total - reply.summary.pending
    if (done !== told && told >= 0) terminal.err(`${done} of ${reply.summary.total}`)
    told = done
    await pause(LOOK_MS, undefined, { signal })
  }
}

const stopped = async (door: Door, id: string, terminal: Terminal): Promise<never> => {
  await ask(door, { path: `/${id}/cancel`, ...sent({}) }, getEval.reply.pick({ id: true }))
  terminal.err('Cancelled.')
  throw new Error(`The evaluation ${id} was cancelled.`)
}

const compared = async (door: Door, current: EvalReply, named: string): Promise<Comparison> => {
  const query = { baseline_id: await baselineOf(door, named, current), limit: '1000' }
  return (await ask(door, { path: `/${current.id}/compare`, query }, compareEvals.reply)).comparison
}

// What could not be compared is no proof that nothing became worse.
const isGood = (reply: EvalReply, found: Comparison | null, failOn: FailOn): boolean => {
  if (reply.state !== 'completed') return false
  if (failOn === 'never') return true
  if (failOn === 'failure') return reply.status === 'passed' && found?.verdict !== 'regressed'
  return found !== null && (found.verdict === 'unchanged' || found.verdict === 'improved')
}

const save = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Runs an evaluation on a server, waits for it, compares it, and says by its exit code whether that was good. */
export const runOnServer = async (
  door: Door,
  { body, baseline, failOn, junit, json }: EvalWish,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> => {
  const begun = await ask(door, { path: '/run', ...sent({ ...body, wait: false }) }, runEval.reply)
  const reply = await follow(door, begun.id, terminal, signal).catch((error: unknown) => {
    if (signal.aborted) return stopped(door, begun.id, terminal)
    throw error
  })
  const found = baseline === undefined ? null : await compared(door, reply, baseline)
  if (json) terminal.out(JSON.stringify({ eval: reply, comparison: found }))
  else for (const line of [...evalLines(reply), ...(found ? comparisonLines(found) : [])]) terminal.out(line)
  if (junit !== undefined) save(junit, evalJunit(reply, found))
  return isGood(reply, found, failOn) ? DONE : FAILED
}
