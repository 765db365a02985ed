import { spawn } from 'node:child_process'

export type Container = {
  ended: Promise<number>
  isRunning(): boolean
  kill(signal: NodeJS.Signals): void
  output(): string
}

type Surroundings = { cwd: string; env: Record<string, string> }

// As somebody who owns nothing but the data, where this process may become somebody else; with no variable of its own.
export const runAs = (
  uid: number,
  [command = '', ...args]: readonly string[],
  { cwd, env }: Surroundings,
): Container => {
  const mayChange = process.getuid?.() === 0
  const child = spawn(command, args, {
    cwd,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(mayChange ? { uid, gid: uid } : {}),
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)))
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      chunks.push(error.message)
      resolve(127)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
  return {
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (signal) => void child.kill(signal),
    output: () => chunks.join('').trimEnd().split('\n').slice(-30).join('\n'),
  }
}
