import { createKernel, installKernel } from '@/lib/core/kernel'
import { createLog } from '@/lib/core/log'
import { startConsole } from '@/lib/core/testing/console-server'
import { testEnv } from '@/lib/core/testing/kernel'
import { route } from '@/lib/http/route'
import { send, stream } from '@/lib/runtime'
import * as contracts from '@/lib/runtime/contract'

// A server that runs agents until it is killed; it says where it listens.
const [url = '', surroundings = '{}'] = process.argv.slice(2)
const env = testEnv(url, JSON.parse(surroundings) as Record<string, string>)
installKernel(createKernel({ env, log: createLog('silent') }))
const server = await startConsole({
  [contracts.send.path]: { POST: route(contracts.send, (scope, { body }) => send(scope, body)) },
  [contracts.stream.path]: { POST: route(contracts.stream, (scope, { body }) => stream(scope, body)) },
})
process.stdout.write(`${server.url}\n`)
