import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Task } from './reserving-child'

const CHILD = new URL('./reserving-child.ts', import.meta.url).pathname

export type Answers = { admitted: string[]; refused: string[]; settled: string[]; faults: string[]; isWhole: boolean }

export type Spender = {
  // `killAfter` so many answers, with SIGKILL.
  spend(task: Task, killAfter?: number): Promise<Answers>
  isAlive(): boolean
  stop(): Promise<void>
}

const LISTS: Record<string, Exclude<keyof Answers, 'isWhole'>> = {
  '+': 'admitted',
  '-': 'refused',
  '=': 'settled',
  '!': 'faults',
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** A process of its own that reserves on a database. */
export const startSpender = async (url: string): Promise<Spender> => {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', CHILD, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  return {
    isAlive: () => !isOver(child),
    spend: (task, killAfter) =>
      new Promise((resolve) => {
        const answers: Answers = { admitted: [], refused: [], settled: [], faults: [], isWhole: false }
        let count = 0
        const done = () => {
          lines.removeAllListeners('line')
          resolve(answers)
        }
        child.once('exit', done)
        lines.on('line', (line) => {
          const list = LISTS[line.slice(0, 1)]
          if (list) answers[list].push(line.slice(1))
          if (++count === killAfter) child.kill('SIGKILL')
          if (line !== 'end') return
          answers.isWhole = true
          child.removeListener('exit', done)
          done()
        })
        child.stdin.write(`${JSON.stringify(task)}\n`)
      }),
    stop: async () => {
      if (isOver(child)) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
