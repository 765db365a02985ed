import { readFileSync } from 'node:fs'

export type Sample = { name: string; count: number; seconds: number; cpuSeconds: number }

const TICKS_PER_SECOND = 100

// utime + stime of a process, so that a noisy machine does not change the figure.
export const cpuOf = (pid: number | 'self'): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export const rssOf = (pid: number | 'self'): number => {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(line?.[1] ?? 0) * 1024
}

export const sample = async (name: string, count: number, work: () => Promise<void>): Promise<Sample> => {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await work()
  const used = process.cpuUsage(cpu)
  return { name, count, seconds: (performance.now() - start) / 1000, cpuSeconds: (used.user + used.system) / 1e6 }
}

export const inParallel = async (
  callers: number,
  total: number,
  call: (i: number) => Promise<unknown>,
): Promise<void> => {
  let next = 0
  const caller = async () => {
    for (let i = next++; i < total; i = next++) await call(i)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

export const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string => {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

export const rowOf = ({ name, count, seconds, cpuSeconds }: Sample): (string | number)[] => [
  name,
  Math.round(count / seconds),
  Math.round((cpuSeconds / count) * 1e6),
]
