import { consoleGate } from '@/lib/http/console-page'

export default consoleGate('/ops/audit', 'audit:view')
