import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { identityOf, scopeOf, testEnv } from '@/lib/core/testing/kernel'
import { consumeDecision } from '@/lib/governance'

type Try = { id: string; tenantId: string; actionHash: string; tries: number; by: string }

// Tries to use one approval, many times at once, and says how often it was let through.
const [url = '', wish = '{}'] = process.argv.slice(2)
const { id, tenantId, actionHash, tries, by } = JSON.parse(wish) as Try
installKernel(createKernel({ env: testEnv(url), log: createLog('silent') }))
const scope = scopeOf(identityOf(tenantId))
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
// As many at once as a server has in its hands; the rest follows on their heels.
const AT_ONCE = 250
let used = 0
for (let done = 0; done < tries; done += AT_ONCE) {
  const wave = Array.from({ length: Math.min(AT_ONCE, tries - done) }, () =>
    consumeDecision(scope, { id, actionHash, by }),
  )
  used += (await Promise.all(wave)).filter(Boolean).length
}
process.stdout.write(`${used}\n`)
process.exit(0)
