import { dateOf, systemClock } from '@/lib/core/clock'
import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { testEnv } from '@/lib/core/testing/kernel'
import { deliverAnswer } from '@/lib/jobs/deliver-answer'
import { reconcileDecisions } from '@/lib/jobs/reconcile-decisions'
import { resumeRunJob } from '@/lib/jobs/resume-run'
import { createWorker } from '@/lib/jobs/worker'

// A server that goes on with paused runs until it is killed. Its clock may be ahead: leases of the dead are over then.
const [url = '', surroundings = '{}', ahead = '0'] = process.argv.slice(2)
const env = testEnv(url, JSON.parse(surroundings) as Record<string, string>)
const clock = { now: () => dateOf(systemClock.now().getTime() + Number(ahead)) }
installKernel(createKernel({ env, clock, log: createLog('silent') }))
const worker = createWorker({ jobs: [resumeRunJob, reconcileDecisions, deliverAnswer], pollMs: 20, leaseMs: 5_000 })
worker.start()
process.stdout.write('ready\n')
