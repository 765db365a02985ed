import { runImage } from '../image/run-image'
import { leaveOnSignal } from './step'

leaveOnSignal()
process.exitCode = (await runImage()).failed === 0 ? 0 : 1
