import { createServer } from 'node:net'

const tryListen = (port: number, host: string): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, host, () => {
      const address = server.address()
      const got = typeof address === 'object' && address ? address.port : null
      server.close(() => resolve(got))
    })
  })

export const isFree = async (port: number, host: string): Promise<boolean> => (await tryListen(port, host)) !== null

export const freePort = async (host = '127.0.0.1'): Promise<number> => {
  const port = await tryListen(0, host)
  if (port === null) throw new Error(`No free port on ${host}.`)
  return port
}
