import { type ChildProcess, spawn } from 'node:child_process'

export type Extra = { cwd?: string; env?: Record<string, string>; timeoutMs?: number }

export type Outcome = { code: number; output: string; stdout: string }

const children = new Set<ChildProcess>()

const surroundings = (extra: Extra) => ({ ...process.env, ...extra.env })

const forget = (child: ChildProcess) => children.delete(child)

// Everything that a task starts stands in one list, so that Ctrl-C and a failed step leave nothing behind.
export const start = (command: string, args: readonly string[], extra: Extra = {}): ChildProcess => {
  const child = spawn(command, args, { cwd: extra.cwd, env: surroundings(extra), stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  child.once('close', () => forget(child))
  return child
}

export const stopAll = (signal: NodeJS.Signals = 'SIGTERM') => {
  for (const child of children) child.kill(signal)
}

export const capture = (command: string, args: readonly string[], extra: Extra = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = start(command, args, extra)
    const chunks: string[] = []
    const onlyOut: string[] = []
    const timer = extra.timeoutMs ? setTimeout(() => child.kill('SIGKILL'), extra.timeoutMs) : undefined
    child.stdout?.on('data', (chunk) => chunks.push(String(chunk)) && onlyOut.push(String(chunk)))
    child.stderr?.on('data', (chunk) => chunks.push(String(chunk)))
    const done = (code: number, extraText = '') => {
      clearTimeout(timer)
      resolve({ code, output: chunks.join('') + extraText, stdout: onlyOut.join('') })
    }
    child.once('error', (error) => done(127, error.message))
    child.once('close', (code, signal) => done(code ?? 1, signal ? `\nended by ${signal}` : ''))
  })

// The program's own lines go straight to the terminal; used where they are what a person waits for.
export const passThrough = (command: string, args: readonly string[], extra: Extra = {}): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: extra.cwd, env: surroundings(extra), stdio: 'inherit' })
    children.add(child)
    child.once('error', () => resolve(127))
    child.once('close', (code) => {
      forget(child)
      resolve(code ?? 1)
    })
  })
