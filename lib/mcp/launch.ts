import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { monotonicMs } from '@/lib/core/clock'
import { searchPath } from '@/lib/core/env'
import { kernel } from '@/lib/core/kernel'

export type Program = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable; pid: number }

type Launch = { command: string; args: readonly string[]; env: Readonly<Record<string, string>> }

const POLITE_MS = 500
const FIRM_MS = 1_000
const SHELL = '/bin/sh'

const running = () =>
  kernel().slot('mcp.programs', () => {
    const groups = new Set<number>()
    const endAll = () => {
      for (const pid of groups) signalGroup(pid, 'SIGKILL')
    }
    process.on('exit', endAll)
    // Whoever opened them ends them; what is still there after that is ended here.
    kernel().onStop('close', async () => {
      const until = monotonicMs() + POLITE_MS + 2 * FIRM_MS
      while (groups.size > 0 && monotonicMs() < until) await wait(20)
      endAll()
      process.off('exit', endAll)
    })
    return groups
  })

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal)
  } catch {
    return
  }
}

const isRunnable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// Folders that mean another place for whoever stands elsewhere are none.
const folders = (): string[] =>
  searchPath()
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))

const pathOf = (command: string): string | undefined =>
  (command.includes('/') ? [command] : folders().map((folder) => join(folder, command))).find(isRunnable)

// Whoever is killed ends nothing any more. Before it becomes the program this shell leaves one of its group behind that
// waits for the end of a pipe to us, and then ends the group. What the program is given, the shell hands on unread.
const GUARDED =
  '(read -r _; kill -s KILL -- "-$$") <&3 >/dev/null 2>&1 3<&- & exec 3<&-; unset PWD OLDPWD SHLVL; exec "$@"'

const lineOf = (path: string, args: readonly string[]): [string, ...string[]] =>
  isRunnable(SHELL) ? [SHELL, '-c', GUARDED, 'sh', path, ...args] : [path, ...args]

const holdPipe = (child: ChildProcess): void => {
  const pipe = child.stdio[3]
  if (!(pipe instanceof Socket)) return
  pipe.on('error', () => undefined)
  pipe.unref()
  child.once('exit', () => pipe.destroy())
}

// Typed as if NODE_ENV were always there; a program of others is not told of ours.
const surroundings = (env: Launch['env']): NodeJS.ProcessEnv =>
  ({ PATH: folders().join(delimiter), HOME: tmpdir(), TMPDIR: tmpdir(), LANG: 'C.UTF-8', ...env }) as Record<
    string,
    string
  > as NodeJS.ProcessEnv

// Its own group, so that whatever it starts ends with it; of our surroundings it gets the search path alone.
export const launch = ({ command, args, env }: Launch): Promise<Program> => {
  const path = pathOf(command)
  if (path === undefined) return Promise.reject(new Error('the command is not there'))
  const [first, ...rest] = lineOf(path, args)
  const child = spawn(first, rest, {
    cwd: tmpdir(),
    detached: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: surroundings(env),
  })
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error('the command cannot be started')))
    child.once('spawn', () => {
      if (child.pid === undefined) return reject(new Error('the command cannot be started'))
      running().add(child.pid)
      holdPipe(child)
      resolve(child as Program)
    })
  })
}

const gone = (child: ChildProcess, ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const end = () => {
      clearTimeout(timer)
      child.off('exit', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    child.once('exit', end)
  })

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** First asked, then told, then made to end; whatever it had started ends with it. */
export const endProgram = async (child: Program): Promise<void> => {
  child.stdin.end()
  child.stdout.resume()
  await gone(child, POLITE_MS)
  if (!isOver(child)) {
    signalGroup(child.pid, 'SIGTERM')
    await gone(child, FIRM_MS)
  }
  signalGroup(child.pid, 'SIGKILL')
  await gone(child, FIRM_MS)
  running().delete(child.pid)
}
