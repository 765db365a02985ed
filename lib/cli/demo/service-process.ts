import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { dirname } from 'node:path'

export type Service = {
  name: string
  pid: number
  logFile: string
  ended: Promise<number>
  isRunning: () => boolean
  kill: (signal: NodeJS.Signals) => void
  stop: (deadlineMs?: number) => Promise<void>
  lastLines: () => string
}

export type Launch = {
  name: string
  command: string
  args: readonly string[]
  cwd: string
  env: Record<string, string>
  logFile: string
}

const LINES = 25
const STOP_MS = 20_000

const lastLinesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n')

const stopper =
  (child: ChildProcess, ended: Promise<number>) =>
  async (deadlineMs = STOP_MS) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
    await ended
    clearTimeout(timer)
  }

// The open pipe on stdin is the leash: a service that sees it close knows that its supervisor is gone and leaves too.
export const launch = ({ name, command, args, cwd, env, logFile }: Launch): Service => {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', log, log] })
  closeSync(log)
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)))
  })
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => void child.kill(signal),
    stop: stopper(child, ended),
    lastLines: () => lastLinesOf(logFile),
  }
}

// Watching the leash must not itself keep the process alive.
export const leaveWithParent = (leave: () => void): void => {
  const { stdin } = process
  stdin.resume()
  stdin.once('end', leave)
  stdin.once('error', leave)
  if (stdin instanceof Socket) stdin.unref()
}
