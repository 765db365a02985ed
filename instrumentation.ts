const READY = Symbol.for('clasper.ready')
const FAILED = Symbol.for('clasper.failed')

type Hooks = { [READY]?: (handover: object) => void; [FAILED]?: (error: unknown) => void }

export const register = async (): Promise<void> => {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return
  const hooks = globalThis as Hooks
  try {
    const { boot } = await import('./lib/jobs/boot')
    const table = await import('./app/routes.generated')
    const { createLane } = await import('./lib/http/lane')
    const { upgradeLive } = await import('./lib/http/websocket')
    const { openOtlpPort } = await import('./lib/otlp')
    const product = await boot()
    const lane = createLane(table, upgradeLive)
    await openOtlpPort(lane)
    hooks[READY]?.({ ...product, lane })
  } catch (error) {
    if (!hooks[FAILED]) throw error
    hooks[FAILED](error)
  }
}
