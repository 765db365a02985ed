import { startMockProvider } from './start-mock-provider'

// npx tsx lib/core/testing/mock-provider/main.ts [port]: prints its address on one line and serves until it is ended.
const port = Number(process.argv[2] ?? 0)

const provider = await startMockProvider({ port, keepsRequests: false })
process.stdout.write(`${JSON.stringify({ url: provider.url, port: provider.port })}\n`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void provider.close())
