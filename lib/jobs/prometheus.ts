import { Counter, Gauge } from 'prom-client'
import { kernel } from '@/lib/core/kernel'
import { countByState } from './store'
import { VERSION } from './version'

// Gauges by their kind, but their names end like counters; promtool rightly minds.
const MISNAMED = ['active_resources', 'active_handles', 'active_requests'].map((name) => `clasper_nodejs_${name}_total`)

const writerCounters = (registers: [ReturnType<typeof kernel>['metrics']['registry']]) => {
  const stats = [
    ['mutations', 'Transactions committed by the writer'],
    ['commands', 'Commands applied by the writer'],
    ['groups', 'Groups of commands committed together'],
    ['retries', 'Attempts repeated because the database was busy'],
  ] as const
  for (const [key, help] of stats) {
    new Counter({
      name: `clasper_writer_${key}_total`,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(kernel().db.writer.stats()[key])
      },
    })
  }
}

const gauges = (registers: [ReturnType<typeof kernel>['metrics']['registry']]): void => {
  new Gauge({
    name: 'clasper_writer_waiting',
    help: 'Writes that wait for the writer',
    registers,
    collect() {
      this.set(kernel().db.writer.stats().queued)
    },
  })
  new Gauge({
    name: 'clasper_jobs_by_state',
    help: 'Jobs of all tenants that wait, run or were given up',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await countByState())) this.set({ state }, count)
    },
  })
  const info = new Gauge({
    name: 'clasper_build_info',
    help: 'Version of Clasper and of Node',
    labelNames: ['version', 'node'],
    registers,
  })
  info.set({ version: VERSION, node: process.versions.node }, 1)
}

export const registerGauges = (): void => {
  const { registry } = kernel().metrics
  kernel().slot('jobs.gauges', () => {
    for (const name of MISNAMED) registry.removeSingleMetric(name)
    writerCounters([registry])
    gauges([registry])
    return true
  })
}

export const prometheusText = async (): Promise<Response> => {
  registerGauges()
  const { registry } = kernel().metrics
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
}
