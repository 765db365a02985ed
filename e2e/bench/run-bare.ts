import { createInterface } from 'node:readline'
import { inParallel, sample } from './measure'
import { callLibrary, readAnswer } from './run-call'
import type { Surroundings } from './run-case'

// Nothing but the library's call, as often as it is told on standard input: "<calls> <callers>".
const { providerUrl, system } = JSON.parse(process.argv[2] ?? '{}') as Surroundings

const call = async (): Promise<void> => void (await readAnswer(callLibrary(providerUrl, system)))

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [calls = 1, callers = 1] = line.split(' ').map(Number)
  const times: number[] = []
  const timed = async () => {
    const began = performance.now()
    await call()
    times.push(performance.now() - began)
  }
  const result = await sample('bare', calls, () => inParallel(callers, calls, timed))
  process.stdout.write(`${JSON.stringify({ ...result, times })}\n`)
}
