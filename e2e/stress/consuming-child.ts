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
const used = await Promise.all(Array.from({ length: tries }, () => consumeDecision(scope, { id, actionHash, by })))
process.stdout.write(`${used.filter(Boolean).length}\n`)
process.exit(0)
