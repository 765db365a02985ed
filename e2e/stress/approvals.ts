import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'

const CONDITIONS = ['--conditions=react-server', '--import', 'tsx']

const childOf = (file: string, args: readonly string[]): { child: ChildProcess; lines: Interface } => {
  const path = new URL(file, import.meta.url).pathname
  const child = spawn(process.execPath, [...CONDITIONS, path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { child, lines: createInterface({ input: child.stdout as NodeJS.ReadableStream }) }
}

const nextLine = (lines: Interface): Promise<string> =>
  new Promise((resolve, reject) => {
    lines.once('line', resolve)
    lines.once('close', () => reject(new Error('The process ended without a word')))
  })

/** A server of its own that goes on with paused runs, until it is killed. */
export const startResumer = async (url: string, env: Record<string, string>, aheadMs = 0): Promise<ChildProcess> => {
  const { child, lines } = childOf('./resuming-child.ts', [url, JSON.stringify(env), String(aheadMs)])
  await nextLine(lines)
  return child
}

type Storm = {
  url: string
  id: string
  // Who tries, with which action, and how often; each in a process of its own.
  parties: readonly { tenantId: string; actionHash: string; tries: number; by: string }[]
}

/** So many processes try at the same moment to use one approval; how often each was let through. */
export const stormApproval = async ({ url, id, parties }: Storm): Promise<number[]> => {
  const children = parties.map((party) => childOf('./consuming-child.ts', [url, JSON.stringify({ id, ...party })]))
  await Promise.all(children.map(({ lines }) => nextLine(lines)))
  const counts = children.map(({ lines }) => nextLine(lines))
  for (const { child } of children) child.stdin?.write('go\n')
  return (await Promise.all(counts)).map(Number)
}
