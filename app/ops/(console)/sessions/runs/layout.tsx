import { consoleGate } from '@/lib/http/console-page'

export default consoleGate('/ops/sessions/runs', 'trace:view')
